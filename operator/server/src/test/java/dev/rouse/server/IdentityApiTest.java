package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.api.WireIds;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.server.TestClient.Answer;
import dev.rouse.session.Phase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who is let in, as whom, and from which workspace. */
class IdentityApiTest {

  private final FakeCluster cluster = new FakeCluster().withReferences();
  private final FakeReviews reviews =
      new FakeReviews()
          .pod("brain", FakeCluster.NAMESPACE, "pod-1")
          .person("token", FakeCluster.NAMESPACE, "ci")
          .user("somebody", "alice@example.com")
          .grant("ci", "get sessions", FakeCluster.NAMESPACE)
          .grant("alice@example.com", "get sessions", FakeCluster.NAMESPACE);
  private InProcessServer server;
  private String path;

  @BeforeEach
  void start() throws Exception {
    server = new InProcessServer(cluster, reviews, new InMemoryLogStore());
    String uid = cluster.session("review", "hello").getMetadata().getUid();
    path = "/v1/sessions/" + WireIds.session(uid);
    await("the session runs").until(() -> server.state(uid).phase() == Phase.RUNNING);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Answer get(String bearer, String... headers) {
    try (TestClient client = new TestClient(server.edge.port(), bearer)) {
      return client.get(path, headers);
    }
  }

  private static String message(Answer answer) {
    return answer.json().at("/error/message").asText();
  }

  @Tag("contract-workspace")
  @Test
  void an_answer_names_the_workspace_that_it_is_about() {
    // When
    Answer own = get("token");
    Answer foreign = get("token", "anthropic-workspace-id", "team-b");
    // Then
    assertThat(own.status()).isEqualTo(200);
    assertThat(own.header("anthropic-workspace-id")).contains(FakeCluster.NAMESPACE);
    assertThat(foreign.status()).isEqualTo(403);
    assertThat(foreign.header("anthropic-workspace-id")).contains("team-b");
  }

  @Test
  void a_person_of_no_namespace_must_name_one() {
    // When
    Answer without = get("somebody");
    Answer with = get("somebody", "anthropic-workspace-id", FakeCluster.NAMESPACE);
    // Then
    assertThat(without.status()).isEqualTo(400);
    assertThat(message(without)).contains("anthropic-workspace-id", "alice@example.com");
    assertThat(with.status()).isEqualTo(200);
  }

  @Tag("contract-workspace")
  @Test
  void a_workspace_that_can_be_no_namespace_is_refused_and_not_repeated() {
    // When
    Answer answer = get("token", "anthropic-workspace-id", "Team_A");
    // Then
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("anthropic-workspace-id")).isEmpty();
  }

  @Tag("contract-key-headers")
  @Test
  void either_header_carries_either_kind() {
    assertThat(get("", "x-api-key", "token").status()).isEqualTo(200);
    assertThat(get("token", "x-api-key", "").status()).isEqualTo(200);
    assertThat(get("", "x-api-key", " token ").status()).isEqualTo(200);
  }

  @Tag("contract-no-credential")
  @Test
  void without_a_credential_the_answer_says_how_to_get_one() {
    // When
    Answer answer = get("");
    // Then
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.json().at("/error/type").asText()).isEqualTo("authentication_error");
    assertThat(message(answer)).contains("kubectl rouse key create", "x-api-key");
  }

  @Tag("contract-no-credential")
  @Test
  void a_credential_that_is_not_taken_is_told_apart_by_its_kind() {
    // When
    Answer key = get("", "x-api-key", "rouse_" + "x".repeat(43));
    Answer other = get("nonsense");
    Answer brain = get("brain");
    // Then
    assertThat(key.status()).isEqualTo(401);
    assertThat(message(key)).contains("API key is not valid");
    assertThat(other.status()).isEqualTo(401);
    assertThat(message(other)).contains("neither an API key");
    assertThat(brain.status()).isEqualTo(401);
  }

  @Test
  void nobody_is_let_in_while_the_cluster_cannot_be_asked() {
    // Given
    reviews.down(true);
    // When
    Answer answer = get("token");
    // Then
    assertThat(answer.status()).isEqualTo(503);
  }
}
