package dev.rouse.harness.loop;

import static dev.rouse.harness.fake.ScriptedModel.bash;
import static dev.rouse.harness.fake.ScriptedModel.calls;
import static dev.rouse.harness.fake.ScriptedModel.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.harness.fake.Bench;
import dev.rouse.harness.fake.ScriptedModel;
import dev.rouse.harness.policy.NoJudgement;
import dev.rouse.harness.policy.PolicyJudge;
import dev.rouse.harness.policy.Verdict;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.StopReason;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Permission policy {@code auto}: what each verdict does (contract §3.3). */
@Timeout(30)
class PolicyTest {

  private static final String AUTO =
      "[{\"type\":\"agent_toolset_20260401\","
          + "\"default_config\":{\"permission_policy\":{\"type\":\"auto\"}}}]";

  private final Bench bench = Bench.of(AUTO);

  private void run(PolicyJudge judge) {
    bench.session.message("go");
    ScriptedModel.Script script =
        (request, _) -> request.transcript().size() == 1 ? calls(bash("ls")) : says("done");
    bench.judging(judge).pod(script).run();
  }

  private AgentEvent.ToolUse call() {
    return bench.session.events(AgentEvent.ToolUse.class).getFirst();
  }

  private String evaluation() {
    return Objects.requireNonNull(call().evaluation()).toString();
  }

  @Tag("contract-agent-auto")
  @Test
  void whatIsAllowedRuns() {
    // When
    run(_ -> new Verdict.Allow());

    // Then
    assertThat(call().evaluatedPermission()).isEqualTo("allow");
    assertThat(evaluation())
        .isEqualTo("{\"type\":\"auto\",\"evaluated_permission\":{\"type\":\"allow\"}}");
    assertThat(bench.hands.effects).hasSize(1);
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.END_TURN);
  }

  @Tag("contract-agent-auto")
  @Tag("contract-event-permission")
  @Test
  void whatCannotBeJudgedIsAsked() {
    // When
    run(new NoJudgement());

    // Then
    assertThat(call().evaluatedPermission()).isEqualTo("ask");
    assertThat(evaluation())
        .isEqualTo(
            "{\"type\":\"auto\",\"evaluated_permission\":"
                + "{\"type\":\"ask\",\"reason_code\":\"indeterminate\"}}");
    assertThat(bench.hands.effects).isEmpty();
    assertThat(bench.session.state().awaited()).containsExactly(call().id());
  }

  @Tag("contract-agent-auto")
  @Test
  void whatIsDeniedDoesNotRunAndTheModelIsToldWhy() {
    // When
    run(_ -> new Verdict.Deny("high_risk"));

    // Then
    assertThat(call().evaluatedPermission()).isEqualTo("deny");
    assertThat(evaluation())
        .isEqualTo(
            "{\"type\":\"auto\",\"evaluated_permission\":"
                + "{\"type\":\"deny\",\"reason_code\":\"high_risk\"}}");
    assertThat(bench.hands.effects).isEmpty();
    AgentEvent.ToolResult result = bench.session.events(AgentEvent.ToolResult.class).getFirst();
    assertThat(result.toolUseId()).isEqualTo(call().id());
    assertThat(result.isError()).isTrue();
    assertThat(String.valueOf(result.content())).contains("denied by policy", "high_risk");
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.END_TURN);
  }

  @Test
  void theJudgeSeesToolAndInput() {
    // When
    run(call -> new Verdict.Deny(call.tool() + " " + call.input().path("command").asText()));

    // Then
    assertThat(evaluation()).contains("bash ls");
  }
}
