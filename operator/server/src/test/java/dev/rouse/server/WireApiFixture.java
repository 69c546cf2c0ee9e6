package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.WireIds;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.server.TestClient.Answer;
import dev.rouse.session.EventCodec;
import dev.rouse.session.Ids;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.Phase;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.protocol.BrainProtocol.Deltas;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server in this process, and a session in it that works. */
abstract class WireApiFixture {

  private static final Ids IDS = Ids.random();

  static final String[] RIGHTS = {"get sessions", "list sessions/events", "watch sessions/events"};

  final FakeCluster cluster = new FakeCluster().withReferences();
  final FakeReviews reviews =
      new FakeReviews()
          .pod("brain", FakeCluster.NAMESPACE, "pod-1")
          .person("token", FakeCluster.NAMESPACE, "ci")
          .person("stranger", FakeCluster.NAMESPACE, "stranger")
          .person("foreign", "team-b", "foreign");
  final InMemoryLogStore store = new InMemoryLogStore();
  InProcessServer server;
  TestClient client;
  String uid;
  String path;
  FakeBrain brain;

  @BeforeEach
  void start() throws Exception {
    for (String right : RIGHTS) {
      reviews.grant("ci", right, FakeCluster.NAMESPACE).grant("foreign", right, "team-b");
    }
    server = new InProcessServer(cluster, reviews, store);
    client = new TestClient(server.edge.port(), "token");
    uid = cluster.session("review", "hello").getMetadata().getUid();
    path = "/v1/sessions/" + WireIds.session(uid);
    await("the session runs").until(() -> server.state(uid).phase() == Phase.RUNNING);
    cluster.harness(uid, "pod-1");
    brain = new FakeBrain(server.edge.port(), "brain", uid);
  }

  @AfterEach
  void stop() {
    brain.close();
    client.close();
    server.close();
  }

  void turn(String answer) {
    brain.wake();
    assertThat(brain.turn("turn", FakeBrain.queued(brain.records(0)), answer).status())
        .isEqualTo(200);
  }

  static void assertError(Answer answer, int status, String type) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.json().path("type").asText()).isEqualTo("error");
    assertThat(answer.json().at("/error/type").asText()).isEqualTo(type);
    assertThat(answer.json().at("/error/message").asText()).isNotBlank();
    assertThat(answer.json().path("request_id").asText())
        .isEqualTo(answer.header("request-id").orElseThrow());
  }

  static List<String> types(Answer answer) {
    List<String> types = new ArrayList<>();
    answer.json().path("data").forEach(event -> types.add(event.path("type").asText()));
    return types;
  }

  static List<String> ids(JsonNode data) {
    List<String> ids = new ArrayList<>();
    data.forEach(event -> ids.add(event.path("id").asText()));
    return ids;
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** The brain sends a preview of what this model request brings. */
  void showDelta(String span, String json) throws Exception {
    Answer answer =
        brain.raw(
            "deltas", new Deltas(brain.epoch(), span, List.of(EventCodec.JSON.readTree(json))));
    assertThat(answer.status()).isEqualTo(204);
  }

  /** A model request begins. @return its id */
  String request() {
    SpanEvent.ModelRequestStart start = new SpanEvent.ModelRequestStart(IDS.event());
    assertThat(brain.commit(start.id(), List.of(start)).status()).isEqualTo(200);
    return start.id();
  }

  static SpanEvent.ModelRequestEnd end(String span) {
    return new SpanEvent.ModelRequestEnd(IDS.event(), span, null, ModelUsage.ZERO);
  }

  static String start(String id) {
    return "{\"type\":\"event_start\",\"event\":{\"type\":\"agent.message\",\"id\":\""
        + id
        + "\"}}";
  }

  static String delta(String id, String text) {
    return "{\"type\":\"event_delta\",\"event_id\":\""
        + id
        + "\",\"delta\":{\"type\":\"content_delta\",\"index\":0,\"content\":{\"type\":\"text\","
        + "\"text\":\""
        + text
        + "\"}}}";
  }

  static String orphan() {
    return delta("sevt_never_started", "lost");
  }
}
