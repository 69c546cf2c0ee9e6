package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.WireIds;
import dev.rouse.log.Decision;
import dev.rouse.log.SessionLog;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.session.Event;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One client that pages, or reconnects again and again, while others append (contract §2.8). Every
 * run draws its own seed; {@code -Drouse.seed=N} repeats one that failed.
 */
class ReconnectTest {

  private static final long SEED =
      Long.getLong("rouse.seed", ThreadLocalRandom.current().nextLong(1_000_000));
  private static final int CUTS = 1000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final FakeCluster cluster = new FakeCluster().withReferences();
  private final FakeReviews reviews =
      new FakeReviews()
          .person("token", FakeCluster.NAMESPACE, "ci")
          .grant("ci", "list sessions/events", FakeCluster.NAMESPACE)
          .grant("ci", "watch sessions/events", FakeCluster.NAMESPACE);
  private final AtomicInteger appends = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
  private InProcessServer server;
  private TestClient client;
  private SessionLog log;
  private String path;

  @BeforeEach
  void start() throws Exception {
    server = new InProcessServer(cluster, reviews, new InMemoryLogStore());
    client = new TestClient(server.edge.port(), "token");
    String uid = cluster.session("review").getMetadata().getUid();
    path = "/v1/sessions/" + WireIds.session(uid) + "/events";
    log = server.logs.of(LogKeys.of(cluster.get(uid)));
    await("begun").until(() -> log.state().exists());
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private String append() {
    Event event = FakeBrain.message("news");
    log.append(
        "append-" + appends.incrementAndGet(),
        null,
        state -> Decision.append(state, List.of(event)));
    acknowledged.add(event.id());
    return event.id();
  }

  private JsonNode page(String order, int limit, Optional<String> cursor) {
    String more =
        cursor.map(it -> "&page=" + URLEncoder.encode(it, StandardCharsets.UTF_8)).orElse("");
    return client.get(path + "?order=" + order + "&limit=" + limit + more).json();
  }

  private static List<String> ids(JsonNode page) {
    List<String> ids = new ArrayList<>();
    page.path("data").forEach(it -> ids.add(it.path("id").asText()));
    return ids;
  }

  private List<String> history() {
    List<String> all = new ArrayList<>();
    Optional<String> next = Optional.empty();
    do {
      JsonNode page = page("asc", 1000, next);
      all.addAll(ids(page));
      next = Optional.ofNullable(page.path("next_page").textValue());
    } while (next.isPresent());
    return all;
  }

  static Stream<Arguments> ordersAndSeeds() {
    return Stream.of("asc", "desc")
        .flatMap(order ->
            Stream.iterate(SEED, seed -> seed + 1).limit(6).map(seed -> Arguments.of(order, seed)));
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("ordersAndSeeds")
  void pagesOfAnySizeShowWhatWasAcknowledgedOnceInEitherOrder(String order, long seed) {
    // Given
    Random random = new Random(seed);
    for (int i = 0; i < 60; i++) {
      append();
    }
    AtomicBoolean stop = new AtomicBoolean();
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(() -> {
          for (int i = 0; i < 2000 && !stop.get(); i++) {
            append();
          }
        });
    List<String> dueAtFirst = List.copyOf(acknowledged);
    List<String> dueAtLast;
    List<String> seen = new ArrayList<>();

    // When
    Optional<String> next = Optional.empty();
    do {
      dueAtLast = List.copyOf(acknowledged);
      JsonNode page = page(order, limit(random), next);
      seen.addAll(ids(page));
      next = Optional.ofNullable(page.path("next_page").textValue());
      if (seen.size() > 300) {
        stop.set(true);
      }
    } while (next.isPresent());
    stop.set(true);
    writer.join();

    // Then
    List<String> all = history();
    boolean ascending = order.equals("asc");
    assertThat(all).containsAll(acknowledged).doesNotHaveDuplicates();
    assertThat(seen).containsAll(ascending ? dueAtLast : dueAtFirst);
    assertThat(ascending ? seen : seen.reversed()).isEqualTo(all.subList(0, seen.size()));
  }

  /** From 1 to 1000, small ones as often as large ones. */
  private static int limit(Random random) {
    return (int) Math.round(Math.pow(1000, random.nextDouble()));
  }

  @Tag("contract-reconnect")
  @Test
  void whoOpensAStreamThenListsBackToWhatItKnowsMissesNothingInAThousandCuts() throws Exception {
    // Given
    Random random = new Random(SEED);
    Set<String> known = new HashSet<>(history());
    Semaphore work = new Semaphore(0);
    AtomicBoolean stop = new AtomicBoolean();
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(() -> {
          work.acquireUninterruptibly();
          while (!stop.get()) {
            append();
            work.acquireUninterruptibly();
          }
        });

    // When: what was missed once is never asked for again, for newer events are known then
    for (int cut = 0; cut < CUTS; cut++) {
      work.release(random.nextInt(4));
      try (TestClient.Feed feed = client.open(path + "/stream")) {
        listBack(known, 1 + random.nextInt(5));
        boolean waits = random.nextBoolean();
        Set<String> due = new HashSet<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
          due.add(append());
        }
        Set<String> streamed = new HashSet<>();
        while (waits && !streamed.containsAll(due)) {
          String id =
              feed.take(PATIENCE)
                  .orElseThrow(() -> new AssertionError("the stream is silent, seed " + SEED))
                  .path("id")
                  .asText();
          if (!streamed.add(id)) {
            throw new AssertionError("streamed twice: " + id + ", seed " + SEED);
          }
          known.add(id);
        }
      }
    }
    stop.set(true);
    work.release();
    writer.join();
    listBack(known, 5);

    // Then
    assertThat(known).as("seed " + SEED).isEqualTo(new HashSet<>(history()));
    assertThat(known).as("seed " + SEED).containsAll(acknowledged);
  }

  private void listBack(Set<String> known, int limit) {
    List<String> news = new ArrayList<>();
    Optional<String> next = Optional.empty();
    do {
      JsonNode page = page("desc", limit, next);
      for (String id : ids(page)) {
        if (known.contains(id)) {
          known.addAll(news);
          return;
        }
        news.add(id);
      }
      next = Optional.ofNullable(page.path("next_page").textValue());
    } while (next.isPresent());
    known.addAll(news);
  }
}
