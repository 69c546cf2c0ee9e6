package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.server.TestClient.Answer;
import org.junit.jupiter.api.Test;

/** Agents are objects of the cluster, which kubectl and other servers read and write, too. */
class AgentObjectsTest extends AgentsApiFixture {

  @Test
  void anUpdateIsJudgedAgainWhenTheObjectHasChanged() {
    // Given
    String path = "/v1/agents/" + made("a");
    cluster.agentSpecs.staleNext(3);
    // When
    JsonNode after = ok(post(path, "{'system': 'x'}"));
    // Then
    assertThat(after.path("version").asInt()).isEqualTo(2);
  }

  @Test
  void whatBelongsToKubectlIsRefusedAndTheRestIsNot() {
    // Given
    String path = "/v1/agents/" + applied("kubectl-made");
    // When
    JsonNode free = ok(post(path, "{'description': 'd'}"));
    Answer owned = post(path, "{'system': 'x', 'description': 'e'}");
    // Then
    assertThat(free.path("description").asText()).isEqualTo("d");
    assertThat(refused(owned, 409, "conflict_error"))
        .contains(".spec.system", "field manager " + FakeSpecs.KUBECTL);
    assertThat(owned.header("x-should-retry")).contains("false");
    assertThat(ok(client.get(path)).path("description").asText()).as("all or none").isEqualTo("d");
  }

  @Test
  void aChangeThatKubectlReplacedBeforeItBecameAVersionIsNotAnsweredAsOne() throws Exception {
    // Given another server, which makes a version of what kubectl writes
    String id = made("a");
    String path = "/v1/agents/" + id;
    String name = cluster.agentSpecs.list(FakeCluster.NAMESPACE).getFirst().getMetadata().getName();
    try (InProcessServer other = new InProcessServer(cluster, reviews, store);
        TestClient there = new TestClient(other.edge.port(), "token")) {
      cluster.agentSpecs.afterNextApply(() -> {
        cluster.agentSpecs.edit(name, spec -> spec.put("system", "kubectl's"));
        ok(there.get(path));
      });
      // When
      Answer answer = post(path, "{'system': 'ours'}");
      // Then
      assertThat(refused(answer, 409, "conflict_error")).contains("kubectl", name);
      assertThat(answer.header("x-should-retry")).isEmpty();
      JsonNode versions = ok(client.get(path + "/versions"));
      assertThat(versions.path("data").findValuesAsText("system"))
          .containsExactly("kubectl's", "null");
    }
  }

  @Test
  void aClusterThatDoesNotAnswerIsNoFaultOfTheCallers() {
    // Given
    String path = "/v1/agents/" + made("a");
    cluster.agentSpecs.failNext(2);
    // When
    Answer read = client.get(path);
    Answer created = post("/v1/agents", "{'name': 'b', 'model': 'm'}");
    // Then
    refused(read, 503, "api_error");
    refused(created, 503, "api_error");
    ok(client.get(path));
  }

  @Test
  void anotherServerShowsWhatWasWrittenHere() throws Exception {
    // Given
    try (InProcessServer other = new InProcessServer(cluster, reviews, store);
        TestClient there = new TestClient(other.edge.port(), "token")) {
      String path = "/v1/agents/" + made("a");
      ok(there.get(path));
      // When
      JsonNode changed = ok(post(path, "{'system': 'x'}"));
      // Then
      assertThat(ok(there.get(path))).isEqualTo(changed);
    }
  }
}
