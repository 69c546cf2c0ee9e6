package dev.rouse.harness.loop;

import static dev.rouse.harness.fake.ScriptedModel.bash;
import static dev.rouse.harness.fake.ScriptedModel.calls;
import static dev.rouse.harness.fake.ScriptedModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.harness.ExitCode;
import dev.rouse.harness.fake.Bench;
import dev.rouse.harness.fake.FakeHands;
import dev.rouse.harness.fake.FakeSession;
import dev.rouse.harness.fake.Life;
import dev.rouse.harness.fake.ScriptedModel;
import dev.rouse.harness.model.ModelFailure;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.StopReason;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A brain and its session's budget. An answer uses 15 tokens, and each costs a cent. */
@Timeout(60)
class BudgetTest {

  private static Bench bench(String cents) {
    return new Bench(
        FakeSession.budgeted(Bench.ALL_TOOLS, cents, 1), new FakeHands((_, _) -> "ran"));
  }

  private static ModelUsage lastUsage(Bench bench) {
    return bench.session.events(SessionEvent.UsageReported.class).getLast().usage();
  }

  @Tag("contract-state-budget")
  @Test
  void theRequestThatReachesItIsTheLastAndItsCallsAreRun() {
    // Given
    Bench bench = bench("20");
    bench.session.message("go");
    Bench.Pod pod = bench.pod((_, _) -> calls(bash("ls")));

    // When
    ExitCode exit = pod.run();

    // Then
    assertThat(exit).isEqualTo(ExitCode.DONE);
    assertThat(pod.model().requests).hasSize(2);
    assertThat(bench.session.events(AgentEvent.ToolResult.class)).hasSize(2);
    assertThat(bench.session.types())
        .endsWith("session.thread_status_idle", "session.usage", "session.status_idle");
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.BUDGET_REACHED);
    assertThat(lastUsage(bench).more().get("list_cost").path("amount").asText()).isEqualTo("30");
    assertThat(
            Objects.requireNonNull(
                    bench.session.events(SessionEvent.UsageReported.class).getLast().budget())
                .at("/max_list_cost/amount")
                .asText())
        .isEqualTo("20");
  }

  @Tag("contract-state-budget")
  @Test
  void aCallThatWaitsForAPersonGoesFirst() {
    // Given
    Bench bench =
        new Bench(
            FakeSession.budgeted(
                "[{\"type\":\"agent_toolset_20260401\","
                    + "\"default_config\":{\"permission_policy\":{\"type\":\"always_ask\"}}}]",
                "15",
                1),
            new FakeHands((_, _) -> "ran"));
    bench.session.message("go");

    // When
    bench.pod((_, _) -> calls(bash("ls"))).run();

    // Then
    assertThat(bench.session.state().isBudgetReached()).isTrue();
    assertThat(bench.session.state().stopReason())
        .isEqualTo(StopReason.requiresAction(bench.session.state().awaited()));
  }

  @Test
  void aBrainThatLingersGoesOnWhenItIsRaised() throws Exception {
    // Given
    Bench bench = bench("15");
    bench.session.message("go");
    Bench.Pod pod =
        bench.pod(
            (request, _) -> request.transcript().size() == 1 ? calls(bash("ls")) : says("done"),
            Life.immortal(),
            lingering());
    CompletableFuture<ExitCode> exit = pod.start();
    await("the budget is reached")
        .until(() -> StopReason.BUDGET_REACHED.equals(bench.session.state().stopReason()));

    // When
    bench.session.raise("16");

    // Then
    assertThat(exit.get(30, TimeUnit.SECONDS)).isEqualTo(ExitCode.DONE);
    assertThat(pod.model().requests).hasSize(2);
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.END_TURN);
  }

  private static Timing lingering() {
    Timing fast = Bench.FAST;
    return new Timing(
        Duration.ofMillis(500),
        fast.serverPatience(),
        fast.serverRetry(),
        fast.modelAttempts(),
        fast.modelRetry(),
        fast.deltaEvery());
  }

  @Tag("failure-23")
  @Test
  void brainsThatDieWithTheirRequestsUseTheBudgetUp() {
    // Given: each request may use 1,000 tokens for its answer, and what it says.
    Bench bench = bench("2500");
    bench.session.message("go");

    // When
    int requests = 0;
    for (int brain = 0; brain < 5; brain++) {
      Bench.Pod pod =
          bench.pod((_, _) -> {
            throw new IllegalStateException("dies in the middle of the answer");
          });
      pod.run();
      requests += pod.model().requests.size();
    }

    // Then
    assertThat(requests).isLessThanOrEqualTo(3).isGreaterThan(1);
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.BUDGET_REACHED);
    assertThat(bench.session.state().openSpan()).isNull();
    assertThat(bench.session.events(SpanEvent.ModelRequestEnd.class))
        .hasSize(requests)
        .allSatisfy(end ->
            assertThat(end.modelUsage().outputTokens()).as("charged answer").isEqualTo(1000));
  }

  @Tag("failure-23")
  @Test
  void anAnswerThatWasCutIsChargedWhatCameOfIt() {
    // Given
    Bench bench = bench("100000");
    bench.session.message("go");
    ScriptedModel.Script script =
        (_, listener) -> {
          if (bench.session.events(SessionEvent.ErrorRaised.class).isEmpty()) {
            listener.usage(new ModelUsage(40, 1, 0, 0, Map.of()));
            listener.text(0, "x".repeat(400));
            throw ModelFailure.retryable("model_request_failed_error", "cut", null, null);
          }
          return says("done");
        };

    // When
    bench.pod(script).run();

    // Then
    ModelUsage charged =
        bench.session.events(SpanEvent.ModelRequestEnd.class).getFirst().modelUsage();
    assertThat(charged.inputTokens()).isEqualTo(40);
    assertThat(charged.outputTokens()).isEqualTo(100);
  }

  @Test
  void failedAttemptsAreNoWayAroundIt() {
    // Given
    Bench bench = bench("50");
    bench.session.message("go");
    Bench.Pod pod =
        bench.pod((_, listener) -> {
          listener.usage(new ModelUsage(30, 0, 0, 0, Map.of()));
          throw ModelFailure.retryable("model_overloaded_error", "busy", null, null);
        });

    // When
    pod.run();

    // Then
    assertThat(pod.model().requests).hasSize(2);
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.BUDGET_REACHED);
  }

  @Test
  void aSessionWithoutABudgetSaysNothingMoreThanBefore() {
    // Given
    Bench bench = Bench.of(Bench.ALL_TOOLS);
    bench.session.message("go");

    // When
    bench.pod((_, _) -> says("done")).run();

    // Then
    assertThat(bench.session.events(SpanEvent.ModelRequestStart.class))
        .extracting(SpanEvent.ModelRequestStart::estimate)
        .containsOnlyNulls();
    assertThat(lastUsage(bench).more()).isEmpty();
  }
}
