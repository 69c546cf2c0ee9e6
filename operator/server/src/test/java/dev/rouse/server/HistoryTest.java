package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.WireIds;
import dev.rouse.server.TestClient.Answer;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.UserEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A session and its history as the wire has them. */
class HistoryTest extends WireApiFixture {

  @Tag("contract-required-fields")
  @Tag("contract-session-object")
  @Test
  void showsASessionWithEveryFieldThatTheContractRequires() {
    // Given
    turn("hi");
    // When
    Answer answer = client.get(path);
    // Then
    JsonNode session = answer.json();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("request-id").orElseThrow()).startsWith("req_");
    assertThat(session.path("id").asText()).isEqualTo(WireIds.session(uid));
    assertThat(session.path("type").asText()).isEqualTo("session");
    assertThat(session.path("status").asText()).isEqualTo("idle");
    assertThat(session.path("title").asText()).isEqualTo("A review");
    assertThat(session.at("/metadata/team").asText()).isEqualTo("a");
    assertThat(session.path("environment_id").asText()).startsWith("env_");
    assertThat(session.at("/agent/id").asText()).startsWith("agent_");
    assertThat(session.at("/agent/type").asText()).isEqualTo("agent");
    assertThat(session.at("/agent/version").asInt()).isEqualTo(3);
    assertThat(session.at("/agent/description").isNull()).isTrue();
    assertThat(session.at("/agent/multiagent").isNull()).isTrue();
    assertThat(session.at("/agent/mcp_servers").isArray()).isTrue();
    assertThat(session.at("/agent/skills").isArray()).isTrue();
    assertThat(session.at("/agent/execution_identity/type").asText()).isEqualTo("service_account");
    assertThat(session.at("/agent/tools/0/default_config/permission_policy/type").asText())
        .isEqualTo("always_allow");
    assertThat(session.at("/agent/tools/0/configs").isArray()).isTrue();
    assertThat(session.at("/usage/input_tokens").asLong()).isEqualTo(100);
    assertThat(session.at("/usage/output_tokens").asLong()).isEqualTo(10);
    assertThat(session.path("stats").isObject()).isTrue();
    for (String array : List.of("resources", "vault_ids", "outcome_evaluations")) {
      assertThat(session.path(array).isArray()).as(array).isTrue();
    }
    for (String absent : List.of("archived_at", "budget")) {
      assertThat(session.has(absent) && session.path(absent).isNull()).as(absent).isTrue();
    }
    assertThat(session.path("created_at").asText()).isEqualTo("2026-01-02T03:04:05.000000Z");
    assertThat(session.path("updated_at").asText()).matches(".*\\.\\d{6}Z");
  }

  @Tag("contract-event-thread-status")
  @Tag("contract-event-usage")
  @Tag("contract-events-order")
  @Tag("contract-last-page")
  @Tag("contract-state-idle")
  @Tag("failure-3")
  @Test
  void listsProcessedEventsInLogOrderAndThenTheQueued() {
    // Given
    turn("hi");
    cluster.say(uid, "m1", "and now?");
    await("queued").until(() -> server.state(uid).queued().size() == 1);
    // When
    Answer answer = client.get(path + "/events");
    // Then
    assertThat(types(answer))
        .containsExactly(
            "session.status_running",
            "session.thread_status_running",
            "user.message",
            "span.model_request_start",
            "agent.message",
            "span.model_request_end",
            "session.thread_status_idle",
            "session.usage",
            "session.status_idle",
            "session.status_running",
            "session.thread_status_running",
            "user.message");
    JsonNode data = answer.json().path("data");
    assertThat(data.path(7).at("/usage/cache_creation").isObject())
        .as("usage has the shape of a session's")
        .isTrue();
    assertThat(data.path(7).path("usage").has("list_cost")).isTrue();
    assertThat(data.path(11).has("processed_at")).isFalse();
    assertThat(data.path(2).path("processed_at").asText()).matches(".*\\.\\d{6}Z");
    assertThat(answer.json().has("next_page") && answer.json().path("next_page").isNull()).isTrue();
  }

  @Test
  void showsInternalEventsOnlyWhenAskedFor() {
    // Given
    turn("hi");
    // When
    List<String> all = types(client.get(path + "/events?include_internal=true"));
    // Then
    assertThat(all).contains("rouse.created", "rouse.woken", "rouse.received");
    assertThat(types(client.get(path + "/events"))).noneMatch(type -> type.startsWith("rouse."));
  }

  @Tag("contract-events-order")
  @ParameterizedTest
  @CsvSource({"asc,1", "asc,3", "asc,1000", "desc,1", "desc,4", "desc,1000"})
  void pagesShowEverythingOnceInBothOrders(String order, int limit) {
    // Given
    turn("hi");
    cluster.say(uid, "m1", "one");
    cluster.say(uid, "m2", "two");
    await("queued").until(() -> server.state(uid).queued().size() == 2);
    List<String> whole = ids(client.get(path + "/events").json().path("data"));
    // When
    List<String> paged = new ArrayList<>();
    String page = "";
    do {
      Answer answer = client.get(path + "/events?order=" + order + "&limit=" + limit + page);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.json().path("data").size()).isBetween(1, limit);
      paged.addAll(ids(answer.json().path("data")));
      String next = answer.json().path("next_page").asText("");
      page = answer.json().path("next_page").isNull() ? null : "&page=" + encode(next);
    } while (page != null);
    // Then
    assertThat(paged).containsExactlyElementsOf(order.equals("asc") ? whole : whole.reversed());
  }

  @Tag("contract-page-sizes")
  @Test
  void aPageHasAThousandEventsUnlessAsked() {
    // Given
    int there = types(client.get(path + "/events")).size();
    List<UserEvent> more = new ArrayList<>();
    while (there + more.size() < 1001) {
      more.add(
          new UserEvent.Message("sevt_" + more.size(), List.of(ContentBlock.text("and now?"))));
    }
    server.logs.of(LogKeys.of(cluster.get(uid))).receive("many", "ci", more);
    // When
    JsonNode first = client.get(path + "/events").json();
    JsonNode rest =
        client.get(path + "/events?page=" + encode(first.path("next_page").asText())).json();
    // Then
    assertThat(first.path("data")).hasSize(1000);
    assertThat(ids(rest.path("data"))).containsExactly(more.getLast().id());
    assertThat(rest.path("next_page").isNull()).isTrue();
  }

  @Tag("failure-21")
  @Test
  void aPageIsOfItsOwnSessionAndOrder() {
    // Given
    turn("hi");
    String page = client.get(path + "/events?limit=1").json().path("next_page").asText();
    String other = cluster.session("other").getMetadata().getUid();
    await("the other begins").until(() -> server.state(other).exists());
    String otherPath = "/v1/sessions/" + WireIds.session(other);
    // When
    // Then
    assertThat(page).startsWith("page_");
    assertError(client.get(otherPath + "/events?page=" + encode(page)), 404, "not_found_error");
    assertError(
        client.get(path + "/events?order=desc&page=" + encode(page)), 400, "invalid_request_error");
  }

  @Tag("contract-page-sizes")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=1001",
        "limit=x",
        "order=up",
        "page=nonsense",
        "page=page_e30",
        "include_internal=maybe",
        "created_at%5Bgt%5D=yesterday"
      })
  void namesTheWrongParameter(String query) {
    // Given
    String name = query.substring(0, query.indexOf('=')).replace("%5B", "[").replace("%5D", "]");
    // When
    Answer answer = client.get(path + "/events?" + query);
    // Then
    assertError(answer, 400, "invalid_request_error");
    assertThat(answer.json().at("/error/message").asText()).startsWith(name + ":");
  }

  @Tag("contract-events-created")
  @Tag("contract-events-types")
  @Tag("contract-ranges")
  @Test
  void filtersByTypeAndTime() {
    // Given
    turn("hi");
    JsonNode data = client.get(path + "/events").json().path("data");
    String third = encode(data.path(2).path("processed_at").asText());
    int all = data.size();
    // When
    // Then
    assertThat(
            types(
                client.get(
                    path
                        + "/events?types%5B%5D=agent.message&types[]=user.message"
                            .replace("[]", "%5B%5D"))))
        .containsExactly("user.message", "agent.message");
    assertThat(types(client.get(path + "/events?created_at%5Bgte%5D=" + third))).hasSize(all - 2);
    assertThat(types(client.get(path + "/events?created_at%5Bgt%5D=" + third))).hasSize(all - 3);
    assertThat(types(client.get(path + "/events?created_at%5Blte%5D=" + third))).hasSize(3);
    assertThat(types(client.get(path + "/events?created_at%5Blt%5D=" + third))).hasSize(2);
  }

  /** Every type that a stored event may have, whether this version writes it or not. */
  @Tag("contract-events-types")
  @Test
  void anyTypeOfAStoredEventMayBeAskedFor() {
    // Given
    String types =
        """
        user.message user.interrupt user.tool_confirmation user.custom_tool_result user.tool_result
        user.define_outcome system.message agent.message agent.thinking agent.custom_tool_use
        agent.mcp_tool_use agent.mcp_tool_result agent.tool_use agent.tool_result
        agent.thread_message_received agent.thread_message_sent agent.thread_context_compacted
        session.error session.status_rescheduled session.status_running session.status_idle
        session.status_terminated session.thread_created session.thread_status_running
        session.thread_status_idle session.thread_status_rescheduled
        session.thread_status_terminated session.updated session.usage span.model_request_start
        span.model_request_end span.outcome_evaluation_start span.outcome_evaluation_ongoing
        span.outcome_evaluation_end workflow_run.created workflow_run.status_running
        workflow_run.status_idle workflow_run.status_ended workflow_run.error
        workflow_run.phase_started workflow_run.phase_ended
        """;
    String query = "?types%5B%5D=" + types.strip().replaceAll("\\s+", "&types%5B%5D=");
    // When
    Answer answer = client.get(path + "/events" + query);
    // Then
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    assertThat(types(answer)).isEqualTo(types(client.get(path + "/events")));
  }

  @Tag("contract-events-types")
  @ParameterizedTest
  @CsvSource({
    "types%5B%5D=agent.mesage",
    "types%5B%5D=event_start",
    "types%5B%5D=event_delta",
    "types%5B%5D=session.deleted",
  })
  void aQueryThatMeansNothingIsRefused(String query) {
    // When
    Answer answer = client.get(path + "/events?" + query);
    // Then
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().at("/error/type").asText()).isEqualTo("invalid_request_error");
  }

  @Tag("contract-cursor-place")
  @Test
  void aCursorOutsideOfTheAskedTimeIsRefused() {
    // Given
    turn("hi");
    JsonNode first = client.get(path + "/events?limit=2").json();
    String later = encode(client.get(path + "/events").json().at("/data/4/processed_at").asText());
    // When
    Answer answer =
        client.get(
            path
                + "/events?limit=2&page="
                + first.path("next_page").asText()
                + "&created_at%5Bgte%5D="
                + later);
    // Then
    assertError(answer, 400, "invalid_request_error");
    assertThat(answer.json().at("/error/message").asText()).contains("created_at");
  }
}
