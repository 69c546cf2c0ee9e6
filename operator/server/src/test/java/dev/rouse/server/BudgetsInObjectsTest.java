package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.api.SessionSpec;
import dev.rouse.api.WireIds;
import dev.rouse.server.TestClient.Answer;
import dev.rouse.session.Phase;
import dev.rouse.session.StopReason;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Budgets in objects and in copies: what kubectl changes follows into the log. */
class BudgetsInObjectsTest extends BudgetFixture {

  // --- objects ---

  private String byHand(@Nullable String cents) {
    return cluster
        .session(
            "by-hand",
            new SessionSpec(
                new SessionSpec.AgentRef("reviewer", null),
                new SessionSpec.EnvironmentRef("sandbox"),
                null,
                Map.of(),
                List.of(new SessionSpec.Message("m1", "hello")),
                null,
                null,
                null,
                null,
                cents == null ? null : SessionSpec.Budget.ofCents(cents)))
        .getMetadata()
        .getUid();
  }

  private void edit(String uid, @Nullable String cents) {
    cluster.edit(
        uid,
        spec ->
            new SessionSpec(
                spec.agentRef(),
                spec.environmentRef(),
                spec.title(),
                spec.metadata(),
                spec.messages(),
                spec.suspend(),
                spec.overrides(),
                spec.archived(),
                spec.forkFrom(),
                cents == null ? null : SessionSpec.Budget.ofCents(cents)));
  }

  private List<String> conditions(String uid) {
    return cluster.get(uid).getStatus().conditions().stream().map(Condition::getType).toList();
  }

  @Test
  void raisingItInTheObjectResumes() {
    // Given
    String uid = byHand("10");
    await("it runs").until(() -> server.state(uid).phase() == Phase.RUNNING);
    String id = WireIds.session(uid);
    turn(id, 12, StopReason.BUDGET_REACHED);
    // When
    edit(uid, "100");
    // Then
    await("it goes on").until(() -> server.state(uid).phase() == Phase.RUNNING);
    assertThat(types(id)).containsOnlyOnce("session.updated");
  }

  @Test
  void anObjectThatAsksForTooLittleIsToldSoAndTheBudgetInForceStays() {
    // Given
    String uid = byHand("10");
    await("it runs").until(() -> server.state(uid).phase() == Phase.RUNNING);
    turn(WireIds.session(uid), 12, StopReason.BUDGET_REACHED);
    // When
    edit(uid, "11");
    // Then
    await("the status says so").until(() -> conditions(uid).contains("BudgetRefused"));
    assertThat(types(WireIds.session(uid))).doesNotContain("session.updated");
    edit(uid, "13");
    await("it goes on").until(() -> server.state(uid).phase() == Phase.RUNNING);
    await("nothing is refused any more").until(() -> !conditions(uid).contains("BudgetRefused"));
  }

  @Test
  void aMessageOfTheSpecWaitsForTheBudget() {
    // Given
    String uid = byHand("10");
    await("it runs").until(() -> server.state(uid).phase() == Phase.RUNNING);
    turn(WireIds.session(uid), 12, StopReason.BUDGET_REACHED);
    // When
    cluster.say(uid, "m2", "and then");
    // Then
    await("the status says so").until(() -> conditions(uid).contains("MessageRefused"));
    edit(uid, "100");
    await("it is delivered").until(() -> server.state(uid).deliveredMessages().contains("m2"));
  }

  // --- copies ---

  @Test
  void anImportKeepsWhatWasSpentAndWhatMayBe() {
    // Given
    for (String verb : List.of("create", "get", "update")) {
      reviews.grant("ci", verb + " sessions/log", FakeCluster.NAMESPACE);
    }
    String id = capped("10");
    turn(id, 12, StopReason.BUDGET_REACHED);
    String ours = "/rouse/v1/sessions";
    List<String> file = client.get(ours + "/" + id + "/log").response().body().lines().toList();
    // When: as the command line does, which takes the budget from the file's first line.
    String wish = "{'name':'copy','agent':'reviewer','environment':'sandbox'," + budget("10") + "}";
    String copy =
        client
            .postText(ours, wish.replace('\'', '"'), "Idempotency-Key", "k")
            .json()
            .path("id")
            .asText();
    client.postText(
        ours + "/" + copy + "/log", String.join("\n", file.subList(1, file.size() - 1)) + "\n");
    Answer ended =
        post(
            ours + "/" + copy + "/log/end",
            "{'kind':'import','head':%d,'source':{'namespace':'team-a','name':'old'}}"
                .formatted(file.size() - 3));
    // Then
    assertThat(ended.status()).as(ended.response().body()).isEqualTo(200);
    assertThat(file.getFirst()).contains("\"budget\":{\"type\":\"limit\"");
    assertThat(body(copy).at("/usage/list_cost/amount").asText()).isEqualTo("12");
    assertThat(change(copy, budget("13")).json().path("status").asText()).isEqualTo("running");
  }

  @Test
  void aForkKeepsWhatWasSpentAndWhatMayBe() {
    // Given
    reviews.grant("ci", "get sessions/log", FakeCluster.NAMESPACE);
    String id = capped("10");
    turn(id, 12, StopReason.BUDGET_REACHED);
    // When
    Answer forked = post("/rouse/v1/sessions/" + id + "/fork", "{'name':'again'}");
    // Then
    assertThat(forked.status()).as(forked.response().body()).isEqualTo(200);
    String fork = forked.json().path("id").asText();
    assertThat(body(fork).at("/usage/list_cost/amount").asText()).isEqualTo("12");
    assertThat(body(fork).at("/budget/max_list_cost/amount").asText()).isEqualTo("10");
    assertError(
        post(SESSIONS + "/" + fork + "/events", "{'events':[" + HELLO + "]}"),
        400,
        "invalid_request_error",
        "budget");
  }
}
