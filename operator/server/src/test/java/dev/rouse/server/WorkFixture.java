package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Environment;
import dev.rouse.api.SessionSpec;
import dev.rouse.api.WireIds;
import dev.rouse.api.key.EnvironmentKey;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.server.TestClient.Answer;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.Event;
import dev.rouse.session.Ids;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server in this process with a self-hosted environment, a key of it, and sessions in it. */
abstract class WorkFixture {

  static final Ids IDS = Ids.random();

  final MovableClock clock = new MovableClock();
  final FakeCluster cluster = new FakeCluster().withReferences();
  final FakeReviews reviews =
      new FakeReviews()
          .pod("brain", FakeCluster.NAMESPACE, "pod-1")
          .person("token", FakeCluster.NAMESPACE, "ci")
          .person("approver", FakeCluster.NAMESPACE, "boss");
  final InMemoryLogStore store = new InMemoryLogStore();
  final String key = "rouse-env_" + "k".repeat(43);
  InProcessServer server;
  TestClient client;
  TestClient worker;
  String environment;
  String work;
  private final List<TestClient> clients = new ArrayList<>();

  @BeforeEach
  void startWithAFarm() throws Exception {
    for (String right :
        List.of(
            "get environments/work",
            "update environments/work",
            "get sessions",
            "update sessions",
            "list sessions/events",
            "create sessions/events")) {
      reviews.grant("ci", right, FakeCluster.NAMESPACE);
    }
    reviews.grant("boss", "create sessions/approvals", FakeCluster.NAMESPACE);
    cluster.clock = clock;
    environment = WireIds.environment(environment("farm").getMetadata().getUid());
    work = "/v1/environments/" + environment + "/work";
    grant(key, "farm");
    server = new InProcessServer(cluster, reviews, store);
    client = as("token");
    worker = as(key);
  }

  @AfterEach
  void stop() {
    clients.forEach(TestClient::close);
    server.close();
  }

  /** Speaks with this credential. */
  TestClient as(String credential) {
    TestClient made = new TestClient(server.edge.port(), credential);
    clients.add(made);
    return made;
  }

  Environment environment(String name) {
    Environment made = FakeCluster.selfHosted(name);
    cluster.put(made);
    return made;
  }

  /** Makes a key good for an environment. */
  void grant(String text, String name) {
    cluster.grants.put(text, cluster.environment(FakeCluster.NAMESPACE, name).orElseThrow());
  }

  static String newKey() {
    return EnvironmentKey.random(new SecureRandom()).text();
  }

  /** A session of an environment that waits for answers to these calls. @return its UID */
  String waiting(String name, String of, AgentEvent.Call... calls) {
    String uid =
        cluster
            .session(
                name,
                new SessionSpec(
                    new SessionSpec.AgentRef("reviewer", null),
                    new SessionSpec.EnvironmentRef(of),
                    null,
                    Map.of(),
                    List.of(new SessionSpec.Message("m0", "go")),
                    null))
            .getMetadata()
            .getUid();
    await("the session runs").until(() -> server.state(uid).phase().isDue());
    call(uid, "first", calls);
    return uid;
  }

  String waiting(AgentEvent.Call... calls) {
    return waiting("review", "farm", calls);
  }

  /** A brain takes the session and ends its turn with these calls. */
  void call(String uid, String turn, AgentEvent.Call... calls) {
    cluster.harness(uid, "pod-1");
    try (FakeBrain brain = new FakeBrain(server.edge.port(), "brain", uid)) {
      brain.wake();
      List<Event> inputs = List.copyOf(server.state(uid).queued().values());
      assertThat(brain.calls(turn, inputs, calls).status()).isEqualTo(200);
    }
  }

  /** What a session has been seen to have as its work item. */
  void awaitState(String uid, String state) {
    await("the item is " + state)
        .until(() ->
            server
                .workItems
                .ofSession(uid)
                .filter(item -> item.state().wireName().equals(state))
                .isPresent());
  }

  static JsonNode ok(Answer answer) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.json();
  }

  /** Asks for work until there is some. */
  JsonNode claimed() {
    List<JsonNode> got = new ArrayList<>();
    await("work comes")
        .until(() -> {
          JsonNode answer = ok(worker.get(work + "/poll?block_ms=500"));
          if (!answer.isNull()) {
            got.add(answer);
          }
          return !got.isEmpty();
        });
    return got.getFirst();
  }

  String path(JsonNode item) {
    return work + "/" + item.path("id").asText();
  }

  static String result(String id, String text) {
    return ("{'events':[{'type':'user.tool_result','tool_use_id':'%s','is_error':false,"
            + "'content':[{'type':'text','text':'%s'}]}]}")
        .formatted(id, text)
        .replace('\'', '"');
  }

  static String events(String uid) {
    return "/v1/sessions/" + WireIds.session(uid) + "/events";
  }

  static void assertError(Answer answer, int status, String type, String message) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
    assertThat(answer.json().at("/error/type").asText()).isEqualTo(type);
    assertThat(answer.json().at("/error/message").asText()).contains(message);
  }
}
