package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Agent;
import dev.rouse.api.WireIds;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.server.TestClient.Answer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server in this process, and callers who may make agents in two namespaces. */
abstract class AgentsApiFixture {

  final FakeCluster cluster = new FakeCluster();
  final FakeReviews reviews =
      new FakeReviews()
          .person("token", FakeCluster.NAMESPACE, "ci")
          .person("stranger", FakeCluster.NAMESPACE, "stranger")
          .person("foreign", "team-b", "foreign");
  final InMemoryLogStore store = new InMemoryLogStore();
  InProcessServer server;
  TestClient client;

  @BeforeEach
  void start() throws Exception {
    for (String verb : List.of("create", "list", "get", "update")) {
      reviews.grant("ci", verb + " agents", FakeCluster.NAMESPACE);
      reviews.grant("foreign", verb + " agents", "team-b");
    }
    server = new InProcessServer(cluster, reviews, store);
    client = new TestClient(server.edge.port(), "token");
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  /** Single quotes stand for double ones. */
  static JsonNode json(String text) {
    return Serialization.unmarshal(text.replace('\'', '"'), JsonNode.class);
  }

  Answer post(String path, String body) {
    return client.post(path, json(body));
  }

  static JsonNode ok(Answer answer) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.json();
  }

  static String refused(Answer answer, int status, String type) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
    assertThat(answer.json().at("/error/type").asText()).isEqualTo(type);
    assertThat(answer.json().path("request_id").asText()).startsWith("req_");
    return answer.json().at("/error/message").asText();
  }

  String made(String name) {
    cluster.agentSpecs.tick();
    return ok(post("/v1/agents", "{'name': '%s', 'model': 'm'}".formatted(name)))
        .path("id")
        .asText();
  }

  /** An agent that kubectl made. */
  String applied(String name) {
    Agent agent =
        cluster.agentSpecs.create(
            FakeCluster.NAMESPACE, name, "{model: {id: m}, system: Be kind.}");
    return WireIds.agent(agent.getMetadata().getUid());
  }
}
