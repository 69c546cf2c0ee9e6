package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.WireIds;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.server.TestClient.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server in this process, with an agent and an environment to make sessions of. */
abstract class SessionsApiFixture {

  static final String SESSIONS = "/v1/sessions";
  static final String HELLO = "{'type':'user.message','content':[{'type':'text','text':'hello'}]}";

  final FakeCluster cluster = new FakeCluster().withReferences();
  final FakeReviews reviews =
      new FakeReviews()
          .pod("brain", FakeCluster.NAMESPACE, "pod-1")
          .person("token", FakeCluster.NAMESPACE, "ci")
          .person("stranger", FakeCluster.NAMESPACE, "stranger");
  final InMemoryLogStore store = new InMemoryLogStore();
  InProcessServer server;
  TestClient client;
  String agent;
  String environment;

  @BeforeEach
  void start() throws Exception {
    for (String verb : List.of("create", "list", "get", "update", "delete")) {
      reviews.grant("ci", verb + " sessions", FakeCluster.NAMESPACE);
    }
    for (String verb : List.of("create", "list", "watch")) {
      reviews.grant("ci", verb + " sessions/events", FakeCluster.NAMESPACE);
    }
    server = new InProcessServer(cluster, reviews, store);
    client = new TestClient(server.edge.port(), "token");
    agent =
        WireIds.agent(
            cluster.agent(FakeCluster.NAMESPACE, "reviewer").orElseThrow().getMetadata().getUid());
    environment =
        WireIds.environment(
            cluster
                .environment(FakeCluster.NAMESPACE, "sandbox")
                .orElseThrow()
                .getMetadata()
                .getUid());
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  /** Posts JSON written with single quotes; AGENT and ENV stand for the ids. */
  Answer post(String path, String json) {
    return client.postText(
        path, json.replace('\'', '"').replace("AGENT", agent).replace("ENV", environment));
  }

  Answer create(String more) {
    return post(SESSIONS, "{'agent':'AGENT','environment_id':'ENV'" + more + "}");
  }

  String made(String more) {
    Answer answer = create(more);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.json().path("id").asText();
  }

  static String uid(String id) {
    return WireIds.sessionUidOf(id).orElseThrow();
  }

  List<String> types(String id) {
    List<String> types = new ArrayList<>();
    client
        .get(SESSIONS + "/" + id + "/events?include_internal=true")
        .json()
        .path("data")
        .forEach(event -> types.add(event.path("type").asText()));
    return types;
  }

  static void assertError(Answer answer, int status, String type, String message) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
    assertThat(answer.json().at("/error/type").asText()).isEqualTo(type);
    assertThat(answer.json().at("/error/message").asText()).contains(message);
  }
}
