package dev.rouse.e2e.kill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.ModelBooks;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.SharedCluster;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.e2e.wire.ApiSession;
import dev.rouse.e2e.wire.Caller;
import dev.rouse.e2e.wire.Request;
import dev.rouse.session.LogRecord;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.SpanEvent;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A brain that is killed with each of its model requests cannot spend more than a brain that lives:
 * one request beyond the budget at most. What counts is the model's own book of its calls.
 */
@ExtendWith(SharedCluster.class)
@Order(3)
class BudgetIT {

  private static final int KILLS = 5;

  /** The longest answer; each token costs a cent, and little else is said. */
  private static final int ANSWER = 1000;

  private static final int BUDGET = KILLS * ANSWER;
  private static final String SYSTEM = "You talk.";
  private static final String MESSAGE = "Go on.";

  private static final String OBJECTS =
      """
      apiVersion: rouse.dev/v1alpha1
      kind: ModelProvider
      metadata: {name: priced, namespace: %1$s}
      spec:
        type: anthropic
        baseURL: %2$s
        secretRef: {name: model-key, key: api-key}
        models:
          - name: scripted-spender
            maxTokens: %3$d
            price: {input: "10000", output: "10000"}
      ---
      apiVersion: rouse.dev/v1alpha1
      kind: Agent
      metadata: {name: spender, namespace: %1$s}
      spec:
        model: {id: scripted-spender}
        system: %4$s
      """;

  private final Cluster cluster;

  BudgetIT(Cluster cluster) {
    this.cluster = cluster;
  }

  @Tag("failure-23")
  @Test
  void fiveBrainsKilledDuringModelCallsSpendAtMostOneCallTooMuch() throws Exception {
    // Given
    Namespace namespace = cluster.trials("budgets");
    cluster.apply(OBJECTS.formatted(namespace.name(), cluster.modelDoor().uri(), ANSWER, SYSTEM));
    try (Caller editor = Caller.of(namespace, "editor")) {
      ApiSession session = created(editor);

      // When
      for (int kill = 1; kill <= KILLS; kill++) {
        int calls = kill;
        await("model call " + kill)
            .atMost(WorkSession.PATIENCE)
            .pollInterval(Duration.ofMillis(50))
            .until(() -> calls().size() == calls);
        session.work().brain().kill();
      }

      // Then
      await("it rests at its budget")
          .atMost(WorkSession.PATIENCE)
          .pollInterval(Duration.ofMillis(200))
          .until(() -> session.body().path("status").asText().equals("idle"));
      session.work().awaitNoPods();
      assertThat(session.history().getLast().at("/stop_reason/type").asText())
          .isEqualTo("budget_reached");
      assertThat(calls()).as("calls that the model saw").hasSize(KILLS);
      List<Long> charged = charged(session.work().log());
      long all = charged.stream().mapToLong(it -> it).sum();
      assertThat(all - charged.getLast()).as("spent before the last call").isLessThan(BUDGET);
      assertThat(all).as("spent").isGreaterThanOrEqualTo(BUDGET);
      assertThat(session.body().at("/usage/list_cost/amount").asLong()).isEqualTo(all);

      goesOnWhenItIsRaised(editor, session);
    }
  }

  private void goesOnWhenItIsRaised(Caller editor, ApiSession session) {
    ObjectNode change = JsonNodeFactory.instance.objectNode();
    change.set("budget", budget(2 * BUDGET));
    editor.call(Request.post("/v1/sessions/" + session.id(), change)).ok();
    session.work().awaitAnswer("I have a great deal to say");
    assertThat(calls()).hasSize(KILLS + 1);
  }

  private List<ModelBooks.Call> calls() {
    return cluster.modelBooks().calls("scripted-spender", SYSTEM, MESSAGE);
  }

  /** In cents, which are tokens here. */
  private static List<Long> charged(List<LogRecord> log) {
    return log.stream()
        .map(LogRecord::event)
        .filter(SpanEvent.ModelRequestEnd.class::isInstance)
        .map(event -> ((SpanEvent.ModelRequestEnd) event).modelUsage())
        .map(BudgetIT::tokens)
        .toList();
  }

  private static long tokens(ModelUsage usage) {
    return usage.inputTokens() + usage.outputTokens();
  }

  private static ApiSession created(Caller editor) {
    Request plain = ApiSession.creation(editor.namespace(), "spender", "spends", MESSAGE);
    ObjectNode body = ((ObjectNode) Objects.requireNonNull(plain.body())).deepCopy();
    body.set("budget", budget(BUDGET));
    return ApiSession.created(
        editor, editor.call(Request.post("/v1/sessions", body).once(UUID.randomUUID().toString())));
  }

  private static JsonNode budget(int cents) {
    ObjectNode budget = JsonNodeFactory.instance.objectNode().put("type", "limit");
    budget.putObject("max_list_cost").put("amount", Integer.toString(cents)).put("currency", "USD");
    return budget;
  }
}
