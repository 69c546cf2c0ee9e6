package dev.rouse.server.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Session;
import dev.rouse.api.WireIds;
import dev.rouse.log.Given;
import dev.rouse.log.LogSettings;
import dev.rouse.log.SessionLogs;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.server.FakeCluster;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.server.resource.Objects;
import dev.rouse.server.resource.Position;
import dev.rouse.server.resource.Sessions;
import dev.rouse.session.Ids;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of sessions, both ways, while sessions come and go. */
class SessionListTest {

  private static final Queries.TimeRange EVER = new Queries.TimeRange(null, null);
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final FakeCluster cluster = new FakeCluster();
  private final Sessions sessions = new Sessions(cluster);
  private final InMemoryLogStore store = new InMemoryLogStore();
  private final SessionLogs logs =
      new SessionLogs(store, LogSettings.DEFAULTS, Clock.systemUTC(), Ids.random());
  private final SessionList list = new SessionList(sessions, new Objects<>(), logs, _ -> -1L);

  private String add(Instant created) {
    Session session =
        cluster.session("s-" + cluster.sessions().size(), FakeCluster.NAMESPACE, List.of());
    session.getMetadata().setCreationTimestamp(created.toString());
    logs.of(LogKeys.of(session)).create(Given.created(LogKeys.of(session)), List.of());
    sessions.learn(session);
    return WireIds.session(session.getMetadata().getUid());
  }

  private void remove(String id) {
    String uid = WireIds.sessionUidOf(id).orElseThrow();
    sessions.forget(cluster.get(uid));
  }

  private static SessionQuery query(int limit, boolean ascending, @Nullable String page)
      throws WireError {
    return new SessionQuery(
        limit,
        ascending,
        null,
        null,
        Set.of(),
        false,
        EVER,
        page == null ? null : SessionCursor.decode(page, ascending, EVER));
  }

  private JsonNode page(int limit, boolean ascending, @Nullable String page) throws Exception {
    return list.page(FakeCluster.NAMESPACE, query(limit, ascending, page));
  }

  private static List<String> ids(JsonNode page) {
    List<String> ids = new ArrayList<>();
    page.path("data").forEach(it -> ids.add(it.path("id").asText()));
    return ids;
  }

  @Tag("contract-session-pages")
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatWasThereAllTheTimeIsShownOnceWhateverComesAndGoes(long seed) throws Exception {
    // Given: several in one second, so that time alone does not order them
    Random random = new Random(seed);
    List<String> stays = new ArrayList<>();
    List<String> goes = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String id = add(START.plusSeconds(random.nextInt(20)));
      (random.nextBoolean() ? stays : goes).add(id);
    }
    boolean ascending = random.nextBoolean();
    List<String> seen = new ArrayList<>();
    // When
    @Nullable String next = null;
    do {
      JsonNode page = page(1 + random.nextInt(9), ascending, next);
      seen.addAll(ids(page));
      next = page.path("next_page").textValue();
      if (!goes.isEmpty() && random.nextBoolean()) {
        remove(goes.removeLast());
      }
      add(START.plusSeconds(random.nextInt(20)));
    } while (next != null);
    // Then
    assertThat(seen).doesNotHaveDuplicates().containsAll(stays);
  }

  @Tag("contract-session-pages")
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theWayBackIsTheWayThere(boolean ascending) throws Exception {
    // Given
    for (int i = 0; i < 23; i++) {
      add(START.plusSeconds(i / 3));
    }
    List<JsonNode> there = new ArrayList<>();
    @Nullable String next = null;
    do {
      there.add(page(5, ascending, next));
      next = there.getLast().path("next_page").textValue();
    } while (next != null);
    // When
    List<List<String>> back = new ArrayList<>();
    back.add(ids(there.getLast()));
    @Nullable String prev = there.getLast().path("prev_page").textValue();
    while (prev != null) {
      JsonNode page = page(5, ascending, prev);
      back.add(ids(page));
      prev = page.path("prev_page").textValue();
    }
    // Then
    Collections.reverse(back);
    assertThat(there.getFirst().path("prev_page").isNull()).isTrue();
    assertThat(back).isEqualTo(there.stream().map(SessionListTest::ids).toList());
    assertThat(new HashSet<>(back.stream().flatMap(List::stream).toList())).hasSize(23);
  }

  @Tag("contract-cursor-place")
  @Test
  void aCursorHoldsForItsOrderAndWithinItsTimes() throws Exception {
    // Given
    for (int i = 0; i < 3; i++) {
      add(START.plusSeconds(i));
    }
    String cursor = page(1, false, null).path("next_page").textValue();
    Queries.TimeRange before = new Queries.TimeRange(null, START.plusSeconds(1));
    // When
    WireError order =
        catchThrowableOfType(WireError.class, () -> SessionCursor.decode(cursor, true, EVER));
    WireError time =
        catchThrowableOfType(WireError.class, () -> SessionCursor.decode(cursor, false, before));
    WireError nonsense =
        catchThrowableOfType(
            WireError.class, () -> SessionCursor.decode("page_bm9wZQ", false, EVER));
    // Then
    assertThat(order).hasMessageContaining("another order");
    assertThat(time).hasMessageContaining("outside of created_at");
    assertThat(nonsense).hasMessageContaining("not a cursor");
    assertThat(SessionCursor.decode(cursor, false, EVER).position().created())
        .isEqualTo(START.plusSeconds(2));
  }

  @Test
  void whatTheStatusHasNotSaidYetIsFound() throws Exception {
    // Given: the object says nothing, the log says that it runs
    String id = add(START);
    add(START.plusSeconds(1));
    Session session = cluster.get(WireIds.sessionUidOf(id).orElseThrow());
    logs.of(LogKeys.of(session)).receive("in", "alice", List.of(Given.message("go")));
    // When
    JsonNode page =
        list.page(
            FakeCluster.NAMESPACE,
            new SessionQuery(20, false, null, null, Set.of("running"), false, EVER, null));
    // Then
    assertThat(ids(page)).containsExactly(id);
  }

  @Tag("contract-session-filters")
  @Test
  void filtersHoldAndWhatDoesNotExistIsEmpty() throws Exception {
    // Given
    String id = add(START);
    String ended = add(START.plusSeconds(1));
    Session session = cluster.get(WireIds.sessionUidOf(ended).orElseThrow());
    logs.of(LogKeys.of(session)).end(null);
    // When
    JsonNode terminated =
        list.page(
            FakeCluster.NAMESPACE,
            new SessionQuery(20, false, null, null, Set.of("terminated"), false, EVER, null));
    JsonNode byAgent =
        list.page(
            FakeCluster.NAMESPACE,
            new SessionQuery(20, true, "agent_1", 1, Set.of(), false, EVER, null));
    JsonNode byOther =
        list.page(
            FakeCluster.NAMESPACE,
            new SessionQuery(20, true, "agent_2", null, Set.of(), false, EVER, null));
    // Then
    assertThat(ids(terminated)).containsExactly(ended);
    assertThat(ids(byAgent)).containsExactly(id, ended);
    assertThat(ids(byOther)).isEmpty();
    assertThat(byOther.path("next_page").isNull()).isTrue();
  }

  @Test
  void onlyTheLogsOfThePageAreRead() throws Exception {
    // Given
    store.sendHints(false);
    for (int i = 0; i < 300; i++) {
      add(START.plusSeconds(i));
    }
    SessionLogs cold =
        new SessionLogs(store, LogSettings.DEFAULTS, Clock.systemUTC(), Ids.random());
    long before = store.headCalls();
    // When
    JsonNode page =
        new SessionList(sessions, new Objects<>(), cold, _ -> -1L)
            .page(FakeCluster.NAMESPACE, query(20, false, null));
    // Then
    assertThat(ids(page)).hasSize(20);
    assertThat(store.headCalls() - before).isLessThanOrEqualTo(21);
    assertThat(
            Position.of(sessions.list(FakeCluster.NAMESPACE, null, false, 1).getFirst()).created())
        .isEqualTo(START.plusSeconds(299));
  }
}
