package dev.rouse.harness.loop;

import static dev.rouse.harness.fake.ScriptedModel.bash;
import static dev.rouse.harness.fake.ScriptedModel.call;
import static dev.rouse.harness.fake.ScriptedModel.calls;
import static dev.rouse.harness.fake.ScriptedModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rouse.harness.ExitCode;
import dev.rouse.harness.fake.Bench;
import dev.rouse.harness.fake.FakeHands;
import dev.rouse.harness.fake.FakeSession;
import dev.rouse.harness.fake.ScriptedModel;
import dev.rouse.harness.model.ModelAnswer;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.StopReason;
import dev.rouse.session.UserEvent;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A session whose built-in tools a worker runs: the brain never asks for hands. */
@Timeout(30)
class SelfHostedTest {

  private static final String TOOLS =
      """
      [{"type":"agent_toolset_20260401",
        "configs":[{"name":"write","permission_policy":{"type":"always_ask"}}]}]
      """;

  private final Bench bench =
      new Bench(
          FakeSession.selfHosted(TOOLS),
          new FakeHands((name, _) -> {
            throw new AssertionError("hands ran " + name);
          }));

  private static ScriptedModel.Script first(ModelAnswer.Call... calls) {
    return (request, _) ->
        request.transcript().stream().anyMatch(AgentEvent.Call.class::isInstance)
            ? says("done")
            : calls(calls);
  }

  private List<UserEvent.ToolResult> results() {
    return bench.session.events(UserEvent.ToolResult.class);
  }

  private static String text(UserEvent.ToolResult result) {
    return ContentBlock.textOf(result.content());
  }

  @Test
  void callsWaitForAWorkerWithoutAPodAndGoOnWithItsResults() {
    // Given
    bench.session.message("go");

    // When
    ExitCode waits = bench.pod(first(bash("ls"), bash("make"))).run();
    StopReason reason = bench.session.state().stopReason();
    List<String> open = bench.session.state().awaited();
    bench.session.toolResult(open.getFirst(), "a b");
    bench.session.toolResult(open.getLast(), "built");
    ExitCode done = bench.pod((_, _) -> says("done")).run();

    // Then
    assertThat(waits).isEqualTo(ExitCode.DONE);
    assertThat(reason).isEqualTo(StopReason.requiresAction(open));
    assertThat(open).hasSize(2);
    assertThat(done).isEqualTo(ExitCode.DONE);
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.END_TURN);
    assertThat(bench.session.events(InternalEvent.Dispatched.class)).isEmpty();
    assertThat(bench.session.events(AgentEvent.ToolResult.class)).isEmpty();
  }

  @Test
  void aDeniedCallIsAnsweredByAnEventThatWorkersTakeForAnAnswer() {
    // Given
    bench.session.message("go");
    bench.pod(first(call("write", "file_path", "a"))).run();

    // When
    bench.session.confirm(bench.session.openToolUse().id(), "deny", "not that file");
    bench.pod((_, _) -> says("done")).run();

    // Then
    assertThat(results())
        .extracting(SelfHostedTest::text)
        .singleElement()
        .asString()
        .contains("denied", "not that file");
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.END_TURN);
  }

  @Test
  void anInterruptedCallIsNoWorkersToRunAgain() {
    // Given
    bench.session.message("go");
    bench.pod(first(bash("sleep 100"))).run();

    // When
    bench.session.interrupt();
    bench.pod((_, _) -> says("never")).run();

    // Then
    assertThat(results()).extracting(SelfHostedTest::text).containsExactly(Ending.INTERRUPTED);
    assertThat(results()).extracting(UserEvent.ToolResult::isError).containsExactly(true);
    assertThat(bench.session.state().hasWork()).isFalse();
  }

  @Tag("contract-event-permission")
  @Test
  void whatCannotRunIsDeniedBeforeAWorkerSeesIt() {
    // Given
    bench.session.message("go");
    ModelAnswer.Call malformed =
        new ModelAnswer.Call(
            "bash", JsonNodeFactory.instance.objectNode(), "The input is no valid JSON object.");

    // When
    bench.pod(first(call("fly", "to", "moon"), malformed)).run();

    // Then
    assertThat(bench.session.events(AgentEvent.ToolUse.class))
        .extracting(AgentEvent.ToolUse::evaluatedPermission, AgentEvent.ToolUse::evaluation)
        .containsExactly(tuple("deny", null), tuple("deny", null));
    assertThat(results()).hasSize(2);
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.END_TURN);
  }
}
