package dev.rouse.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Agent;
import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.WireIds;
import dev.rouse.log.Given;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogSettings;
import dev.rouse.log.SessionLogs;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.server.FakeCluster;
import dev.rouse.server.TamperedStore;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.server.resource.Objects;
import dev.rouse.server.resource.Sessions;
import dev.rouse.session.AgentSnapshot;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a page costs in a workspace of 2,000 sessions, whose logs this process has not seen yet. */
class LargeListTest {

  private static final int SESSIONS = 2000;
  private static final int RARE = 5;
  private static final int PAGE = 20;
  private static final Queries.TimeRange EVER = new Queries.TimeRange(null, null);
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final FakeCluster cluster = new FakeCluster();
  private final Sessions sessions = new Sessions(cluster);
  private final Objects<Agent> agents = new Objects<>();
  private final InMemoryLogStore memory = new InMemoryLogStore();
  private final TamperedStore store = new TamperedStore(memory);
  private final String rare = "11111111-1111-4111-8111-111111111111";
  private SessionLogs logs;
  private SessionList list;

  /** Two thousand sessions: the oldest five of a rare agent, and all but 50 of them archived. */
  @BeforeEach
  void fill() {
    SessionLogs writer = logs();
    for (int i = 0; i < SESSIONS; i++) {
      String uid = "00000000-0000-4000-8000-%012d".formatted(i);
      boolean isRare = i < RARE;
      boolean archived = i >= RARE && i < SESSIONS - 50;
      Session session = session(uid, START.plusSeconds(i), isRare ? "rare" : "common", archived);
      LogKey key = LogKeys.of(session);
      writer.of(key).create(created(key, isRare ? WireIds.agent(rare) : "agent_other"), List.of());
      if (archived) {
        writer.of(key).end(null);
      }
      sessions.learn(session);
    }
    writer.close();
    logs = logs();
    list = new SessionList(sessions, agents, logs, _ -> -1L);
  }

  private static InternalEvent.Created created(LogKey key, String agent) {
    InternalEvent.Created any = Given.created(key);
    return new InternalEvent.Created(
        any.id(),
        any.format(),
        any.sessionUid(),
        any.namespace(),
        any.name(),
        any.threadId(),
        new AgentSnapshot(
            agent, 1, "Reviewer", null, any.agent().model(), null, List.of(), Map.of()),
        any.environment(),
        any.provider(),
        any.title(),
        any.metadata());
  }

  private SessionLogs logs() {
    return new SessionLogs(store, LogSettings.DEFAULTS, Clock.systemUTC(), Ids.random());
  }

  private static Session session(String uid, Instant created, String agent, boolean archived) {
    Session session = new Session();
    session.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(FakeCluster.NAMESPACE)
            .withName("s-" + uid)
            .withUid(uid)
            .withResourceVersion("1")
            .withCreationTimestamp(created.toString())
            .build());
    session.setSpec(
        new SessionSpec(
            new SessionSpec.AgentRef(agent, null),
            new SessionSpec.EnvironmentRef("sandbox"),
            null,
            Map.of(),
            List.of(),
            null,
            null,
            archived));
    session.setStatus(
        new SessionStatus(
            archived ? "Terminated" : "Idle",
            null,
            null,
            null,
            new SessionStatus.LogHead(archived ? 2L : 0L, 1L, List.of()),
            null,
            List.of(),
            null,
            null,
            null,
            null,
            null,
            List.of()));
    return session;
  }

  private static SessionQuery query(@Nullable String agent, boolean archived) {
    return new SessionQuery(PAGE, false, agent, null, Set.of(), archived, EVER, null);
  }

  private JsonNode page(SessionQuery query) throws InterruptedException {
    return list.page(FakeCluster.NAMESPACE, query);
  }

  private void knowTheRareAgent() {
    Agent agent = FakeCluster.agent("rare");
    agent.getMetadata().setNamespace(FakeCluster.NAMESPACE);
    agent.getMetadata().setUid(rare);
    agent.getMetadata().setResourceVersion("1");
    agents.learn(agent);
  }

  @Test
  void theFirstPageReadsWhatItShowsAndOneMore() throws Exception {
    // When
    JsonNode page = page(query(null, true));
    // Then
    assertThat(page.path("data").size()).isEqualTo(PAGE);
    assertThat(store.reads()).isEqualTo(PAGE + 1);
  }

  @Tag("contract-session-filters")
  @Test
  void archivedSessionsThatNobodyAskedForAreNotRead() throws Exception {
    // Given: only archived ones between the newest and the oldest
    for (Session session : sessions.list(FakeCluster.NAMESPACE, null, false, 50)) {
      sessions.forget(session);
    }
    // When
    JsonNode page = page(query(null, false));
    // Then
    assertThat(page.path("data").size()).isEqualTo(RARE);
    assertThat(store.reads()).isEqualTo(RARE);
  }

  @Test
  void theSessionsOfARareAgentAreFoundByTheirObjects() throws Exception {
    // Given
    knowTheRareAgent();
    // When
    JsonNode page = page(query(WireIds.agent(rare), true));
    // Then
    assertThat(page.path("data").size()).isEqualTo(RARE);
    assertThat(store.reads()).isEqualTo(RARE);
  }

  @Test
  void theSessionsOfAnAgentThatIsGoneAreFoundByTheirLogs() throws Exception {
    // When
    JsonNode page = page(query(WireIds.agent(rare), true));
    // Then
    assertThat(page.path("data").size()).isEqualTo(RARE);
    assertThat(store.reads()).isEqualTo(SESSIONS);
  }

  /** Prints what a page takes; says nothing about right and wrong, for machines differ. */
  @Test
  void whatPagesTake() throws Exception {
    // Given
    knowTheRareAgent();
    page(query(null, true));
    // When
    String first = millis(query(null, true));
    String unarchived = millis(query(null, false));
    String ofAgent = millis(query(WireIds.agent(rare), true));
    // Then
    System.out.printf(
        "of %d sessions a page of %d took p50/p95 ms: newest %s, not archived %s, of a rare agent %s%n",
        SESSIONS, PAGE, first, unarchived, ofAgent);
    assertThat(store.reads()).isLessThan(SESSIONS);
  }

  private String millis(SessionQuery query) throws InterruptedException {
    long[] took = new long[200];
    for (int i = 0; i < took.length; i++) {
      long start = System.nanoTime();
      page(query);
      took[i] = System.nanoTime() - start;
    }
    Arrays.sort(took);
    return "%.2f/%.2f"
        .formatted(
            Duration.ofNanos(took[took.length / 2]).toNanos() / 1e6,
            Duration.ofNanos(took[took.length * 95 / 100]).toNanos() / 1e6);
  }
}
