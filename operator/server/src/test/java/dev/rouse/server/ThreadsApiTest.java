package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.WireIds;
import dev.rouse.server.TestClient.Answer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A session's primary thread over HTTP (contract §1.6). */
class ThreadsApiTest extends SessionsApiFixture {

  private String threads(String id) {
    return SESSIONS + "/" + id + "/threads";
  }

  private String thread(String id) {
    return threads(id) + "/" + primary(id).path("id").asText();
  }

  private JsonNode primary(String id) {
    Answer answer = client.get(threads(id));
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.json().at("/data/0");
  }

  private void turn(String id) {
    cluster.harness(uid(id), "pod-1");
    try (FakeBrain brain = new FakeBrain(server.edge.port(), "brain", uid(id))) {
      brain.wake();
      assertThat(brain.turn("turn", FakeBrain.queued(brain.records(0)), "hi").status())
          .isEqualTo(200);
    }
  }

  @Tag("contract-threads-object")
  @Test
  void aNewSessionHasItsPrimaryThreadWithEveryFieldThatTheContractRequires() {
    // Given
    String id = made("");
    // When
    Answer answer = client.get(threads(id));
    // Then
    JsonNode thread = answer.json().at("/data/0");
    assertThat(answer.json().path("data")).hasSize(1);
    assertThat(answer.json().has("next_page") && answer.json().path("next_page").isNull()).isTrue();
    assertThat(thread.path("id").asText()).startsWith("sthr_");
    assertThat(thread.path("type").asText()).isEqualTo("session_thread");
    assertThat(thread.path("session_id").asText()).isEqualTo(id);
    assertThat(thread.path("status").asText()).isEqualTo("idle");
    assertThat(thread.at("/agent/id").asText()).isEqualTo(agent);
    assertThat(thread.at("/agent/type").asText()).isEqualTo("agent");
    assertThat(thread.at("/agent/execution_identity/type").asText()).isEqualTo("service_account");
    assertThat(thread.path("agent").has("multiagent")).isFalse();
    for (String none :
        List.of("parent_thread_id", "workflow_run_id", "archived_at", "stats", "usage")) {
      assertThat(thread.has(none) && thread.path(none).isNull()).as(none).isTrue();
    }
    JsonNode session = client.get(SESSIONS + "/" + id).json();
    assertThat(thread.path("created_at")).isEqualTo(session.path("created_at"));
    assertThat(thread.path("updated_at")).isEqualTo(session.path("updated_at"));
  }

  @Tag("contract-threads-object")
  @Tag("contract-event-thread-status")
  @Test
  void afterATurnItCountsWhatTheSessionCountsAndIsTheOneThatEventsName() {
    // Given
    String id = made(",'initial_events':[" + HELLO + "]");
    String running = primary(id).path("status").asText();
    turn(id);
    // When
    JsonNode thread = primary(id);
    // Then
    JsonNode session = client.get(SESSIONS + "/" + id).json();
    assertThat(running).isEqualTo("running");
    assertThat(thread.path("status").asText()).isEqualTo("idle");
    assertThat(thread.path("usage")).isEqualTo(session.path("usage"));
    assertThat(thread.at("/stats/active_seconds")).isEqualTo(session.at("/stats/active_seconds"));
    assertThat(thread.at("/stats/duration_seconds").asDouble()).isPositive();
    assertThat(
            client
                .get(SESSIONS + "/" + id + "/events?types%5B%5D=session.thread_status_running")
                .json()
                .at("/data/0/session_thread_id"))
        .isEqualTo(thread.path("id"));
  }

  @Test
  void itsAgentIsTheOneInForce() {
    // Given
    String id = made("");
    post(SESSIONS + "/" + id, "{'agent':{'tools':[]}}");
    // When
    JsonNode thread = primary(id);
    // Then
    assertThat(thread.at("/agent/tools").isArray()).isTrue();
    assertThat(thread.at("/agent/tools")).isEmpty();
  }

  @Tag("contract-threads-object")
  @Test
  void aThreadIsRetrievedAsItIsListed() {
    // Given
    String id = made("");
    // When
    Answer answer = client.get(thread(id));
    // Then
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json()).isEqualTo(primary(id));
  }

  @Tag("contract-threads-list")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "limit=1|1",
        "limit=1000|1",
        "page=|1",
        "statuses%5B%5D=idle|1",
        "statuses%5B%5D=running&statuses%5B%5D=idle|1",
        "statuses%5B%5D=running|0",
        "statuses%5B%5D=rescheduling&statuses%5B%5D=terminated|0",
      })
  void theListKeepsWhatTheFilterAsksFor(String query, int found) {
    // Given
    String id = made("");
    // When
    Answer answer = client.get(threads(id) + "?" + query);
    // Then
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    assertThat(answer.json().path("data")).hasSize(found);
    assertThat(answer.json().path("next_page").isNull()).isTrue();
  }

  @Tag("contract-threads-list")
  @ParameterizedTest
  @ValueSource(strings = {"limit=0", "limit=1001", "page=page_e30", "statuses%5B%5D=asleep"})
  void aWrongParameterOfTheListIsNamed(String query) {
    // Given
    String id = made("");
    // When
    Answer answer = client.get(threads(id) + "?" + query);
    // Then
    String name = query.substring(0, query.indexOf('=')).replace("%5B%5D", "[]");
    assertError(answer, 400, "invalid_request_error", name + ": ");
  }

  @Tag("contract-threads-events")
  @Test
  void itsEventsAreTheSessionsPageByPage() {
    // Given
    String id = made(",'initial_events':[" + HELLO + "]");
    turn(id);
    JsonNode all = client.get(SESSIONS + "/" + id + "/events").json().path("data");
    // When
    JsonNode whole = client.get(thread(id) + "/events").json();
    JsonNode first = client.get(thread(id) + "/events?limit=4").json();
    JsonNode rest =
        client.get(thread(id) + "/events?page=" + first.path("next_page").asText()).json();
    // Then
    assertThat(whole.path("data")).isEqualTo(all);
    assertThat(whole.path("next_page").isNull()).isTrue();
    assertThat(first.path("data")).hasSize(4);
    assertThat(rest.path("data")).hasSize(all.size() - 4);
    assertThat(rest.at("/data/0")).isEqualTo(all.get(4));
  }

  @Tag("contract-threads-stream")
  @Test
  void itsStreamIsTheSessions() {
    // Given
    String id = made("");
    String stream = thread(id) + "/stream?event_deltas%5B%5D=agent.message";
    try (TestClient.Feed session = client.open(SESSIONS + "/" + id + "/events/stream");
        TestClient.Feed thread = client.open(stream)) {
      // When
      post(SESSIONS + "/" + id + "/events", "{'events':[" + HELLO + "]}");
      turn(id);
      // Then
      await("the end of the turn")
          .untilAsserted(() -> assertThat(thread.types()).endsWith("session.status_idle"));
      await("the same")
          .untilAsserted(() -> assertThat(session.events()).isEqualTo(thread.events()));
    }
    assertError(
        client.get(thread(id) + "/stream?event_deltas%5B%5D=agent.tool_use"),
        400,
        "invalid_request_error",
        "event_deltas[]");
  }

  @Tag("contract-threads-archive")
  @Test
  void toArchiveItWouldBeToEndTheSession() {
    // Given
    String id = made("");
    String working = made(",'initial_events':[" + HELLO + "]");
    // When
    Answer idle = client.method("POST", thread(id) + "/archive");
    Answer running = client.method("POST", thread(working) + "/archive");
    // Then
    assertError(idle, 400, "invalid_request_error", "POST /v1/sessions/" + id + "/archive");
    assertError(running, 400, "invalid_request_error", "primary thread");
    assertThat(client.get(SESSIONS + "/" + id).json().path("status").asText()).isEqualTo("idle");
  }

  @Tag("contract-threads-archive")
  @Test
  void aThreadOfAnArchivedSessionIsArchivedAlready() {
    // Given
    String id = made("");
    client.method("POST", SESSIONS + "/" + id + "/archive");
    // When
    Answer answer = client.method("POST", thread(id) + "/archive");
    // Then
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    assertThat(answer.json().path("status").asText()).isEqualTo("terminated");
    assertThat(answer.json().path("archived_at"))
        .isEqualTo(client.get(SESSIONS + "/" + id).json().path("archived_at"));
    assertThat(answer.json().path("archived_at").isTextual()).isTrue();
  }

  @Tag("contract-threads-foreign")
  @ParameterizedTest
  @CsvSource({"GET,''", "POST,/archive", "GET,/events", "GET,/stream"})
  void aThreadOfAnotherSessionIsNotThere(String method, String rest) {
    // Given
    String id = made("");
    String other = primary(made("")).path("id").asText();
    // When
    Answer answer = client.method(method, threads(id) + "/" + other + rest);
    // Then
    assertError(answer, 404, "not_found_error", "no thread " + other);
  }

  @Tag("contract-threads-stream")
  @Test
  void thePathOfAThreadsStreamHasNoEventsInIt() {
    // Given
    String id = made("");
    // When
    Answer answer = client.get(thread(id) + "/events/stream");
    // Then
    assertError(answer, 404, "not_found_error", "there is no ");
  }

  @Test
  void aSessionThatHasNotBegunHasNoThreadYet() {
    // Given
    cluster.without("Agent/reviewer");
    String id = WireIds.session(cluster.session("waiting").getMetadata().getUid());
    // When
    Answer answer = client.get(threads(id));
    // Then
    assertError(answer, 404, "not_found_error", "has not begun");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,'',list sessions/events",
    "GET,/T,list sessions/events",
    "POST,/T/archive,update sessions",
    "GET,/T/events,list sessions/events",
    "GET,/T/stream,watch sessions/events",
  })
  void eachEndpointNeedsItsRight(String method, String rest, String right) {
    // Given
    String id = made("");
    String path = threads(id) + rest.replace("T", primary(id).path("id").asText());
    reviews.revoke("ci", right, FakeCluster.NAMESPACE);
    // When
    Answer answer = client.method(method, path);
    // Then
    assertError(answer, 403, "permission_error", right);
  }
}
