package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.WireIds;
import dev.rouse.server.TestClient.Answer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who and what is turned away, and how that is said. */
class DoorTest extends WireApiFixture {

  @Test
  void whatIsNotThereIsNotThereAndWhatIsForbiddenSaysSo() {
    // Given
    TestClient stranger = new TestClient(server.edge.port(), "stranger");
    TestClient foreign = new TestClient(server.edge.port(), "foreign");
    String unknown = "/v1/sessions/" + WireIds.session("11111111-1111-1111-1111-111111111111");
    // When
    // Then
    assertError(client.get(unknown), 404, "not_found_error");
    assertError(client.get("/v1/sessions/nonsense/events"), 404, "not_found_error");
    assertError(foreign.get(path), 404, "not_found_error");
    assertError(foreign.get(path + "/events/stream"), 404, "not_found_error");
    assertError(stranger.get(path), 403, "permission_error");
    assertError(stranger.get(unknown), 403, "permission_error");
    assertThat(stranger.get(path + "/events").json().at("/error/message").asText())
        .contains("list sessions/events", "stranger", FakeCluster.NAMESPACE);
    assertError(client.get(path, "anthropic-workspace-id", "team-b"), 403, "permission_error");
    assertError(client.get(path, "anthropic-workspace-id", "../x"), 400, "invalid_request_error");
  }

  @Test
  void onlyTokensOfItsAudienceOpenTheDoor() {
    // Given
    TestClient pod = new TestClient(server.edge.port(), "brain");
    TestClient nobody = new TestClient(server.edge.port(), "");
    // When
    // Then
    assertError(pod.get(path), 401, "authentication_error");
    assertError(nobody.get(path), 401, "authentication_error");
    assertThat(nobody.get(path, "x-api-key", "token").status()).isEqualTo(200);
    assertThat(nobody.get(path, "authorization", "bearer token").status()).isEqualTo(200);
  }

  @Test
  void saysUnavailableWhenNobodyCanBeIdentified() {
    // Given
    reviews.down(true);
    // When
    Answer answer = client.get(path);
    // Then
    assertError(answer, 503, "api_error");
  }

  @Test
  void aStoreThatCannotBeReadIsNoEmptyHistory() {
    // Given
    store.failReads(true);
    // When
    Answer answer = client.get(path + "/events");
    // Then
    assertError(answer, 503, "api_error");
  }

  @Tag("contract-methods")
  @Test
  void saysWhatIsNotThereYetAndWhatNeverWas() {
    // Given
    // When
    Answer later = client.method("POST", path + "/resources");
    Answer never = client.get("/v1/teapots");
    Answer wrong = client.method("DELETE", path + "/events");
    // Then
    assertError(later, 501, "invalid_request_error");
    assertThat(later.header("x-should-retry")).contains("false");
    assertThat(later.json().at("/error/message").asText()).contains("session resources");
    assertError(never, 404, "not_found_error");
    assertError(wrong, 405, "invalid_request_error");
    assertThat(wrong.header("allow")).contains("GET, POST");
  }

  @Test
  void anotherServerReadsWhatWasJustWrittenHere() throws Exception {
    // Given two servers over one store, where no hint of a change arrives
    store.sendHints(false);
    try (InProcessServer other = new InProcessServer(cluster, reviews, store);
        TestClient there = new TestClient(other.edge.port(), "token")) {
      there.get(path + "/events");
      // When
      turn("hi");
      // Then
      assertThat(types(there.get(path + "/events"))).endsWith("session.status_idle");
      assertThat(there.get(path).json().path("status").asText()).isEqualTo("idle");
    }
  }

  @Test
  void aSessionThatHasNotBegunHasAnEmptyHistory() {
    // Given a session whose references do not resolve
    cluster.put(FakeCluster.provider("second-default"));
    String pending = cluster.session("pending").getMetadata().getUid();
    String pendingPath = "/v1/sessions/" + WireIds.session(pending);
    // When
    Answer events = client.get(pendingPath + "/events");
    Answer session = client.get(pendingPath);
    // Then
    assertThat(events.json().path("data")).isEmpty();
    assertError(session, 404, "not_found_error");
    assertThat(session.json().at("/error/message").asText()).contains("has not begun");
  }
}
