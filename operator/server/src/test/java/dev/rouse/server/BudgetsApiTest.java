package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import dev.rouse.server.TestClient.Answer;
import dev.rouse.session.StopReason;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** List costs and budgets over HTTP (contract §1.5, §2.5, §5.9). */
class BudgetsApiTest extends BudgetFixture {

  // --- list cost ---

  @Tag("contract-session-usage")
  @Test
  void theListCostIsWholeCentsByThePriceThatTheSessionBeganWith() {
    // Given
    String id = made(",'initial_events':[" + HELLO + "]");
    cluster.put(provider("{input: '1', output: '1'}"));
    // When
    turn(id, 7, StopReason.END_TURN);
    // Then
    assertThat(body(id).at("/usage/list_cost"))
        .hasToString("{\"amount\":\"7\",\"currency\":\"USD\"}");
    assertThat(client.get(SESSIONS + "/" + id + "/threads").json().at("/data/0/usage/list_cost"))
        .isEqualTo(body(id).at("/usage/list_cost"));
    await("the status tells it").until(() -> "0.0700".equals(cost(uid(id))));
  }

  private @Nullable String cost(String uid) {
    Session session = cluster.get(uid);
    return session.getStatus() == null || session.getStatus().usage() == null
        ? null
        : session.getStatus().usage().listCost();
  }

  @Test
  void withoutAPriceTheListCostIsNull() {
    // Given
    cluster.put(provider(null));
    // When
    String id = made("");
    // Then
    assertThat(body(id).at("/usage/list_cost").isNull()).isTrue();
    assertThat(body(id).path("budget").isNull()).isTrue();
  }

  // --- at creation ---

  @Tag("contract-session-budget")
  @Test
  void aBudgetIsEchoedAsItWasGiven() {
    // When
    String id = made("," + budget("250"));
    // Then
    assertThat(body(id).path("budget"))
        .hasToString(
            "{\"type\":\"limit\",\"max_list_cost\":{\"amount\":\"250\",\"currency\":\"USD\"}}");
    assertThat(body(id).at("/usage/list_cost/amount").asText()).isEqualTo("0");
    assertThat(cluster.sessions())
        .extracting(session -> session.getSpec().budget())
        .contains(SessionSpec.Budget.ofCents("250"));
  }

  @Tag("contract-session-budget")
  @Test
  void aModelWithoutAPriceIsNotBudgetable() {
    // Given
    cluster.put(provider(null));
    // When
    Answer answer = create("," + budget("250"));
    // Then
    assertError(answer, 400, "invalid_request_error", "claude-test");
    assertThat(answer.json().at("/error/details/error_code").asText())
        .isEqualTo("model_not_budgetable");
    assertThat(cluster.sessions()).isEmpty();
  }

  @Tag("contract-session-budget")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'max_list_cost':{'amount':'1','currency':'USD'}}|budget.type: is required",
        "{'type':'soft','max_list_cost':{'amount':'1','currency':'USD'}}|budget.type: must be"
            + " limit",
        "{'type':'limit'}|budget.max_list_cost: is required",
        "{'type':'limit','max_list_cost':{'amount':1,'currency':'USD'}}|budget.max_list_cost.amount:"
            + " must be a string",
        "{'type':'limit','max_list_cost':{'amount':'0','currency':'USD'}}|budget.max_list_cost.amount:"
            + " must be whole cents",
        "{'type':'limit','max_list_cost':{'amount':'1.5','currency':'USD'}}|budget.max_list_cost.amount:"
            + " must be whole cents",
        "{'type':'limit','max_list_cost':{'amount':'1','currency':'EUR'}}|budget.max_list_cost.currency:"
            + " must be USD",
        "{'type':'limit','max_list_cost':{'amount':'1','currency':'USD'},'per':'day'}|budget.per:"
            + " there is no such field",
        "'10'|budget: must be an object"
      })
  void aMalformedBudgetIsRefusedWithThePathOfTheField(String json, String message) {
    // When
    Answer answer = create(",'budget':" + json);
    // Then
    assertError(answer, 400, "invalid_request_error", message);
  }

  // --- at the cap ---

  @Tag("contract-state-budget")
  @Test
  void atTheCapAMessageIsRefusedAndAnInterruptIsAcceptedAndIgnored() {
    // Given
    String id = capped("10");
    turn(id, 12, StopReason.BUDGET_REACHED);
    List<String> before = types(id);
    // When
    Answer message = post(SESSIONS + "/" + id + "/events", "{'events':[" + HELLO + "]}");
    Answer interrupt =
        post(SESSIONS + "/" + id + "/events", "{'events':[{'type':'user.interrupt'}]}");
    // Then
    assertError(
        message,
        400,
        "invalid_request_error",
        "user.tool_confirmation, user.tool_result, user.custom_tool_result and user.interrupt");
    assertThat(interrupt.status()).isEqualTo(200);
    assertThat(types(id).subList(before.size(), types(id).size()))
        .containsExactly("user.interrupt");
    assertThat(body(id).path("status").asText()).isEqualTo("idle");
  }

  @Tag("contract-event-usage")
  @Test
  void theUsageEventHasListCostAndBudgetAndTheEstimateIsNotShown() {
    // Given
    String id = capped("10");
    turn(id, 12, StopReason.BUDGET_REACHED);
    // When
    JsonNode data = client.get(SESSIONS + "/" + id + "/events").json().path("data");
    // Then
    assertThat(types(id)).contains("session.usage", "span.model_request_start");
    for (JsonNode event : data) {
      switch (event.path("type").asText()) {
        case "session.usage" -> {
          assertThat(event.path("usage").has("list_cost")).isTrue();
          assertThat(event.has("budget")).isTrue();
        }
        case "span.model_request_start" -> assertThat(event.has("estimate")).isFalse();
        default -> {}
      }
    }
  }

  // --- changes ---

  @Tag("contract-session-update-budget")
  @Test
  void raisingTheBudgetResumesAndSaysWhatChanged() {
    // Given
    String id = capped("10");
    turn(id, 12, StopReason.BUDGET_REACHED);
    List<String> before = types(id);
    // When
    Answer answer = change(id, budget("13"));
    // Then
    assertThat(answer.json().path("status").asText()).isEqualTo("running");
    assertThat(answer.json().at("/budget/max_list_cost/amount").asText()).isEqualTo("13");
    assertThat(types(id).subList(before.size(), types(id).size()))
        .containsExactly(
            "session.updated", "session.status_running", "session.thread_status_running");
    assertThat(cluster.sessions())
        .extracting(session -> session.getSpec().budget())
        .containsExactly(SessionSpec.Budget.ofCents("13"));
  }

  @Tag("contract-session-update-budget")
  @Test
  void removingTheBudgetResumesAndIsSaidAsNull() {
    // Given
    String id = capped("10");
    turn(id, 12, StopReason.BUDGET_REACHED);
    // When
    Answer answer = change(id, "'budget':null");
    // Then
    assertThat(answer.json().path("status").asText()).isEqualTo("running");
    assertThat(answer.json().path("budget").isNull()).isTrue();
    JsonNode updated =
        client
            .get(SESSIONS + "/" + id + "/events?types%5B%5D=session.updated")
            .json()
            .at("/data/0");
    assertThat(updated.has("budget")).isTrue();
    assertThat(updated.path("budget").isNull()).isTrue();
    assertThat(cluster.sessions())
        .extracting(session -> session.getSpec().budget())
        .containsOnlyNulls();
  }

  @Tag("contract-session-update-budget")
  @ParameterizedTest
  @CsvSource({"12,400", "1,400", "13,200", "9999,200"})
  void aBudgetMustBeStrictlyAboveTheConsumedListCost(String cents, int status) {
    // Given
    String id = capped("10000");
    turn(id, 12, StopReason.END_TURN);
    // When
    Answer answer = change(id, "'title':'Two'," + budget(cents));
    // Then
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
    if (status == 400) {
      assertThat(answer.json().at("/error/details/error_code").asText())
          .isEqualTo("budget_not_raised");
      assertThat(body(id).path("title").isNull()).as("nothing was changed").isTrue();
    }
  }

  @Tag("contract-session-update-budget")
  @Test
  void aBudgetIsForCreationOnly() {
    // Given
    String never = made("");
    String removed = made("," + budget("10"));
    change(removed, "'budget':null");
    for (String id : List.of(never, removed)) {
      // When
      Answer answer = change(id, budget("10"));
      // Then
      assertError(answer, 400, "invalid_request_error", "make a new session");
      assertThat(answer.json().at("/error/details/error_code").asText())
          .isEqualTo("budget_create_only");
    }
  }

  @Tag("contract-session-update-budget")
  @Test
  void aBudgetMayBeChangedWhileTheSessionRunsAndNotOnceItHasEnded() {
    // Given
    String id = capped("10");
    // When
    Answer running = change(id, budget("20"));
    // Then
    assertThat(running.json().path("status").asText()).isEqualTo("running");
    assertThat(running.json().at("/budget/max_list_cost/amount").asText()).isEqualTo("20");
    assertThat(types(id)).containsOnlyOnce("session.status_running");

    turn(id, 1, StopReason.END_TURN);
    client.method("POST", SESSIONS + "/" + id + "/archive");
    assertError(change(id, budget("30")), 400, "invalid_request_error", "ended");
  }

  @Test
  void aBudgetThatSomebodyElseLooksAfterIsNotTaken() {
    // Given
    String id = made("," + budget("10"));
    cluster.owns(uid(id), "spec.budget", "flux");
    // When
    Answer answer = change(id, budget("20"));
    Answer same = change(id, budget("10"));
    // Then
    assertError(answer, 409, "conflict_error", "flux");
    assertThat(answer.header("x-should-retry")).contains("false");
    assertThat(same.status()).isEqualTo(200);
    assertThat(types(id)).doesNotContain("session.updated");
  }
}
