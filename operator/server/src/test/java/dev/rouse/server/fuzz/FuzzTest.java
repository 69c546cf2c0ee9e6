package dev.rouse.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.server.FakeCluster;
import dev.rouse.server.FakeReviews;
import dev.rouse.server.InProcessServer;
import dev.rouse.server.TestClient;
import dev.rouse.server.fuzz.Requests.Caller;
import dev.rouse.server.fuzz.Requests.Request;
import dev.rouse.server.wire.DocumentCheck;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random requests by the OpenAPI document, from people and workers of two workspaces at once.
 *
 * <p>Every run draws its own seed, which failures name; {@code -Drouse.seed=N} draws the same again
 * (what other callers do meanwhile apart). {@code -Drouse.fuzz=5} goes on for five minutes.
 */
class FuzzTest {

  private static final long SEED =
      Long.getLong("rouse.seed", ThreadLocalRandom.current().nextLong(1_000_000));

  /** Of each thread; many, for a call of what is not there waits a moment for it to come. */
  private static final int REQUESTS = 250;

  private static final int THREADS = 16;

  /** Faults of one run; more of them say nothing more. */
  private static final int ENOUGH = 5;

  private static final int SHOWN = 1_500;
  private static final Duration TIME = Duration.ofMinutes(Integer.getInteger("rouse.fuzz", 0));

  private static final List<Caller> PEOPLE =
      List.of(
          new Caller("token-a", FakeCluster.NAMESPACE, "team-b"),
          new Caller("token-b", "team-b", FakeCluster.NAMESPACE));

  private final List<Caller> callers = new ArrayList<>(PEOPLE);
  private final FakeCluster cluster = new FakeCluster().withReferences();
  private final FakeReviews reviews = new FakeReviews();
  private final Known known = new Known();
  private final Map<Integer, AtomicInteger> statuses = new ConcurrentHashMap<>();
  private final AtomicInteger taken = new AtomicInteger();
  private final List<AssertionError> faults = new CopyOnWriteArrayList<>();
  private InProcessServer server;
  private JsonNode document;

  @BeforeEach
  void start() throws Exception {
    cluster.put(FakeCluster.agent("reviewer-b"), "team-b");
    cluster.put(FakeCluster.environment("sandbox-b"), "team-b");
    for (Caller caller : PEOPLE) {
      new Farm(caller).prepare(cluster, reviews);
      String name = "caller-" + caller.workspace();
      reviews.person(caller.token(), caller.workspace(), name);
      for (String kind :
          List.of(
              "agents",
              "environments",
              "environments/work",
              "sessions",
              "sessions/events",
              "sessions/approvals",
              "sessions/log")) {
        for (String verb : List.of("create", "get", "list", "update", "delete", "watch")) {
          reviews.grant(name, verb + " " + kind, caller.workspace());
        }
      }
    }
    server = new InProcessServer(cluster, reviews, new InMemoryLogStore());
    try (TestClient nobody = new TestClient(server.edge.port(), "")) {
      document = nobody.get("/openapi.json").json();
    }
    for (Caller caller : PEOPLE) {
      callers.add(new Farm(caller).settle(cluster, server));
      learn(caller, "/v1/agents", "/v1/environments", "/v1/sessions");
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void learn(Caller caller, String... paths) {
    try (TestClient client = new TestClient(server.edge.port(), caller.token())) {
      for (String path : paths) {
        known.learn(caller.workspace(), client.get(path).response().body());
      }
    }
  }

  @Tag("contract-errors")
  @Tag("contract-foreign-id")
  @Test
  void whateverIsAskedIsAnsweredAsTheDocumentSaysAndFromOnesOwnWorkspaceOnly() throws Exception {
    // Given
    long end = System.nanoTime() + TIME.toNanos();
    List<Future<?>> running = new ArrayList<>();
    // When
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (int i = 0; i < THREADS; i++) {
        Caller caller = callers.get(i % callers.size());
        Requests requests = new Requests(document, new Random(SEED + i), known);
        running.add(
            threads.submit(() -> {
              for (int n = 0;
                  faults.size() < ENOUGH && (n < REQUESTS || System.nanoTime() < end);
                  n++) {
                ask(caller, requests.next(caller));
              }
              return null;
            }));
      }
    }
    // Then
    for (Future<?> one : running) {
      one.get();
    }
    assertThat(faults).as("seed " + SEED).isEmpty();
    System.out.printf("fuzzed with seed %d: %s%n", SEED, new TreeMap<>(statuses));
    assertThat(taken.get()).as("seed %d: bodies that were taken", SEED).isGreaterThan(THREADS);
    assertThat(statuses.keySet()).as("seed " + SEED).contains(200, 400, 401, 403, 404);
  }

  private void ask(Caller caller, Request request) {
    Wire.Answer answer;
    try {
      answer = Wire.exchange(server.edge.port(), request.bytes());
    } catch (IOException | RuntimeException e) {
      faults.add(fault(request, "no answer", e));
      return;
    }
    statuses.computeIfAbsent(answer.status(), _ -> new AtomicInteger()).incrementAndGet();
    try {
      check(caller, request, answer);
    } catch (AssertionError e) {
      faults.add(
          fault(request, answer.status() + " " + answer.headers() + "\n" + answer.body(), e));
    }
  }

  private void check(Caller caller, Request request, Wire.Answer answer) {
    assertThat(answer.status()).isBetween(200, 501).isNotEqualTo(500);
    assertThat(answer.header("request-id")).startsWith("req_");
    if (answer.status() >= 400) {
      JsonNode body = json(answer);
      assertThat(body.path("request_id").asText()).isEqualTo(answer.header("request-id"));
      assertThat(body.at("/error/message").asText()).doesNotContain("Exception", "dev.rouse");
      if (request.sound()) {
        assertThat(body.at("/error/message").asText())
            .as("a field that the document has")
            .doesNotContain("there is no such field here");
      }
    }
    String sent = request.text();
    assertThat(known.foreign(caller.workspace(), answer.body()))
        .as("ids of the other workspace that were not in the request")
        .allMatch(sent::contains);
    if (!sent.contains(caller.other())) {
      assertThat(answer.body()).as("the other workspace's name").doesNotContain(caller.other());
    }
    DocumentCheck.check(
        new DocumentCheck.Exchange(
            request.method(),
            request.path(),
            request.body(),
            answer.status(),
            answer.header("content-type"),
            answer.body()));
    if (answer.status() == 200) {
      known.sent(caller.workspace(), request.text());
      known.learn(caller.workspace(), answer.body());
      taken.addAndGet(request.body().isEmpty() ? 0 : 1);
    }
  }

  private static JsonNode json(Wire.Answer answer) {
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    try {
      return EventCodec.JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new AssertionError("no JSON", e);
    }
  }

  private static AssertionError fault(Request request, String answer, Throwable cause) {
    return new AssertionError(
        "seed %d:%n%s%n-- was answered --%n%s%n-- which is wrong --%n%s"
            .formatted(SEED, cut(request.text()), cut(answer), cut(String.valueOf(cause))),
        cause);
  }

  private static String cut(String text) {
    return text.substring(0, Math.min(SHOWN, text.length()));
  }
}
