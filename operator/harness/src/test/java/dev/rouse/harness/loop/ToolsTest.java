package dev.rouse.harness.loop;

import static dev.rouse.harness.fake.ScriptedModel.bash;
import static dev.rouse.harness.fake.ScriptedModel.call;
import static dev.rouse.harness.fake.ScriptedModel.calls;
import static dev.rouse.harness.fake.ScriptedModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rouse.harness.ExitCode;
import dev.rouse.harness.fake.Bench;
import dev.rouse.harness.fake.FakeHands;
import dev.rouse.harness.fake.ScriptedModel;
import dev.rouse.harness.model.ModelAnswer;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.StopReason;
import dev.rouse.session.ThreadEvent;
import dev.rouse.session.UserEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls: which run, which wait for somebody, which are answered without being run. */
@Timeout(30)
class ToolsTest {

  private static final String ASKING =
      """
      [{"type":"agent_toolset_20260401",
        "default_config":{"permission_policy":{"type":"always_allow"}},
        "configs":[{"name":"write","permission_policy":{"type":"always_ask"}},
                   {"name":"grep","enabled":false}]},
       {"type":"custom","name":"deploy","description":"Deploys.",
        "input_schema":{"type":"object"}}]
      """;

  private final Bench bench = Bench.of(ASKING);

  private static ScriptedModel.Script first(ModelAnswer.Call... calls) {
    return (request, _) ->
        request.transcript().stream().anyMatch(AgentEvent.Call.class::isInstance)
            ? says("done")
            : calls(calls);
  }

  private static String text(AgentEvent.ToolResult result) {
    return ContentBlock.textOf(result.content());
  }

  @Tag("contract-errors-tool-limit")
  @Test
  void aTurnCallsToolsAsOftenAsTheModelWantsTo() {
    // Given
    Bench bench = Bench.of(Bench.ALL_TOOLS);
    bench.session.message("go on");

    // When
    bench
        .pod((request, _) -> {
          long results =
              request.transcript().stream().filter(AgentEvent.ToolResult.class::isInstance).count();
          return results < 300 ? calls(bash("ls " + results)) : says("done");
        })
        .run();

    // Then
    assertThat(bench.session.events(AgentEvent.ToolResult.class)).hasSize(300);
    assertThat(bench.session.events(SessionEvent.ErrorRaised.class)).isEmpty();
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.END_TURN);
  }

  @Tag("contract-event-permission")
  @Tag("contract-state-requires-action")
  @Test
  void allowedCallsRunFirstThenTheSessionWaitsForPeople() {
    // Given
    bench.session.message("go");

    // When
    ExitCode exit =
        bench
            .pod(first(call("write", "file_path", "a"), bash("ls"), call("deploy", "to", "prod")))
            .run();

    // Then
    assertThat(exit).isEqualTo(ExitCode.DONE);
    List<AgentEvent.ToolUse> uses = bench.session.events(AgentEvent.ToolUse.class);
    assertThat(uses)
        .extracting(AgentEvent.ToolUse::evaluatedPermission)
        .containsExactly("ask", "allow");
    assertThat(uses)
        .extracting(use -> String.valueOf(use.evaluation()))
        .containsExactly("{\"type\":\"always_ask\"}", "{\"type\":\"always_allow\"}");
    AgentEvent.CustomToolUse custom =
        bench.session.events(AgentEvent.CustomToolUse.class).getFirst();
    assertThat(bench.session.state().stopReason())
        .isEqualTo(StopReason.requiresAction(List.of(uses.getFirst().id(), custom.id())));
    assertThat(bench.session.events(AgentEvent.ToolResult.class))
        .extracting(AgentEvent.ToolResult::toolUseId)
        .containsExactly(uses.getLast().id());
  }

  @Tag("contract-state-denied")
  @Test
  void answersOfPeopleAreActedOnByAnotherBrain() {
    // Given
    bench.session.message("go");
    bench.pod(first(call("write", "file_path", "a"), call("write", "file_path", "b"))).run();
    List<String> asked = bench.session.state().awaited();

    // When
    bench.session.confirm(asked.get(0), "allow", null);
    bench.session.confirm(asked.get(1), "deny", "not that file");
    ExitCode exit = bench.pod((_, _) -> says("done")).run();

    // Then
    assertThat(exit).isEqualTo(ExitCode.DONE);
    assertThat(bench.session.events(AgentEvent.ToolResult.class))
        .extracting(ToolsTest::text)
        .containsExactlyInAnyOrder(
            "ran write {\"file_path\":\"a\"}",
            "The call was denied and was not run. Reason given: not that file");
    assertThat(bench.hands.effects).containsOnlyKeys(asked.get(0));
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.END_TURN);
  }

  @Test
  void aClientsResultGoesToTheModel() {
    // Given
    bench.session.message("go");
    bench.pod(first(call("deploy", "to", "prod"))).run();

    // When
    bench.session.customResult(bench.session.openToolUse().id(), "deployed");
    bench.pod((_, _) -> says("done")).run();

    // Then
    assertThat(bench.session.events(UserEvent.CustomToolResult.class)).hasSize(1);
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.END_TURN);
  }

  @Tag("contract-event-permission")
  @Test
  void unknownDisabledAndMalformedCallsAreAnsweredWithoutHands() {
    // Given
    bench.session.message("go");
    ModelAnswer.Call malformed =
        new ModelAnswer.Call(
            "bash", JsonNodeFactory.instance.objectNode(), "The input is no valid JSON object.");

    // When
    bench.pod(first(call("fly", "to", "moon"), call("grep", "pattern", "x"), malformed)).run();

    // Then
    assertThat(bench.session.events(AgentEvent.ToolResult.class))
        .extracting(ToolsTest::text)
        .containsExactly(
            "There is no tool named \"fly\" here. It was not run.",
            "There is no tool named \"grep\" here. It was not run.",
            "The input is no valid JSON object.");
    assertThat(bench.session.events(AgentEvent.ToolUse.class))
        .as("refused before any policy was asked")
        .hasSize(3)
        .allMatch(use -> use.evaluation() == null);
    assertThat(bench.session.events(InternalEvent.Dispatched.class)).isEmpty();
    assertThat(bench.hands.effects).isEmpty();
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.END_TURN);
  }

  @Tag("failure-7")
  @Test
  void aCallOfAnImportedLogThatNobodyCanAnswerIsRefused() {
    // Given
    bench.session.message("go");
    bench.session.raw(
        new UserEvent.Message("sevt_m", List.of(ContentBlock.text("go"))),
        new AgentEvent.McpToolUse(
            "sevt_mcp", "tracker", "list", bash("x").input(), null, null, null));

    // When
    bench.pod((_, _) -> says("done")).run();

    // Then
    assertThat(bench.session.events(AgentEvent.McpToolResult.class))
        .extracting(AgentEvent.McpToolResult::mcpToolUseId)
        .containsExactly("sevt_mcp");
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.END_TURN);
  }

  @Tag("contract-state-refusal")
  @Test
  void aRefusalEndsTheTurnAndRunsNothing() {
    // Given
    bench.session.message("go");
    var details =
        JsonNodeFactory.instance.objectNode().put("type", "refusal").put("category", "cyber");

    // When
    bench
        .pod((_, _) ->
            new ModelAnswer(
                false,
                List.of(ContentBlock.text("I")),
                List.of(bash("ls")),
                ModelAnswer.Stop.REFUSAL,
                details,
                ScriptedModel.USAGE))
        .run();

    // Then
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.REFUSAL);
    assertThat(bench.session.types()).doesNotContain("agent.tool_use");
    assertThat(
            bench
                .session
                .events(dev.rouse.session.SessionEvent.StatusIdle.class)
                .getLast()
                .stopDetails())
        .hasToString("{\"type\":\"refusal\",\"category\":\"cyber\",\"explanation\":null}");
    assertThat(bench.session.events(ThreadEvent.StatusIdle.class).getLast().stopDetails())
        .isEqualTo(
            bench
                .session
                .events(dev.rouse.session.SessionEvent.StatusIdle.class)
                .getLast()
                .stopDetails());
    assertThat(bench.session.state().usage()).isEqualTo(ScriptedModel.USAGE);
  }

  @Test
  void anEmptyAnswerIsAnAnswer() {
    // Given
    bench.session.message("go");
    Bench.Pod pod =
        bench.pod((_, _) -> ScriptedModel.answer(List.of(), List.of(), ModelAnswer.Stop.END_TURN));

    // When
    pod.run();

    // Then
    assertThat(pod.model().requests).hasSize(1);
    assertThat(bench.session.events(AgentEvent.Message.class)).hasSize(1);
    assertThat(bench.session.events(SpanEvent.ModelRequestEnd.class)).hasSize(1);
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.END_TURN);
  }

  @Tag("failure-7")
  @Test
  void handsThatVanishAreReplacedAndTheCallIsSaidToBeUnknown() {
    // Given: hands that nobody reaches any more, and that the operator calls gone when asked.
    FakeHands hands = new FakeHands((_, _) -> "never");
    Bench vanishing = new Bench(Bench.ALL_TOOLS, hands);
    vanishing.session.message("go");
    hands.lastExit("exit code 137 (OOMKilled): it needed more memory than its limit of 1Gi");
    vanishing.session.raw(
        new InternalEvent.Woken("sevt_w", 1, "pod-0", "test"),
        new UserEvent.Message("sevt_m", List.of(ContentBlock.text("go"))),
        new AgentEvent.ToolUse("sevt_call", "bash", bash("x").input(), "allow", null, null),
        new InternalEvent.Dispatched("sevt_d", "sevt_call", "instance-1"));
    hands.vanish();

    // When
    vanishing.pod((_, _) -> says("I see")).run();

    // Then
    assertThat(vanishing.session.events(AgentEvent.ToolResult.class))
        .extracting(ToolsTest::text)
        .singleElement(STRING)
        .startsWith(Executions.UNKNOWN)
        .endsWith(
            "ended with: exit code 137 (OOMKilled): it needed more memory than its limit of 1Gi.");
    assertThat(hands.effects).isEmpty();
  }

  @Test
  void aCallThatTheHandsLostInARestartIsSaidToBeUnknown() throws Exception {
    // Given: the call runs when its brain dies, and the hands die before the next one asks.
    CountDownLatch running = new CountDownLatch(1);
    FakeHands hands =
        new FakeHands((_, _) -> {
          running.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return "never";
        });
    Bench restarting = new Bench(Bench.ALL_TOOLS, hands);
    restarting.session.message("go");
    CompletableFuture<ExitCode> dying = restarting.pod(first(bash("make"))).start();
    assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
    restarting.session.wake("pod-x", "test");
    assertThat(dying.get(20, TimeUnit.SECONDS)).isEqualTo(ExitCode.FENCED);
    hands.restart();

    // When
    ExitCode exit = restarting.pod(first()).run();

    // Then
    assertThat(exit).isEqualTo(ExitCode.DONE);
    assertThat(restarting.session.events(AgentEvent.ToolResult.class))
        .extracting(ToolsTest::text)
        .containsExactly(Executions.UNKNOWN);
    assertThat(hands.effects.values()).singleElement().satisfies(n -> assertThat(n).hasValue(1));
  }

  @Tag("failure-22")
  @Test
  void unreachableHandsAreNotGone() {
    // Given
    bench.session.message("go");
    bench.hands.unreachableFor(6);

    // When
    bench.pod(first(bash("ls"))).run();

    // Then
    assertThat(bench.session.events(AgentEvent.ToolResult.class))
        .extracting(ToolsTest::text)
        .containsExactly("ran bash {\"command\":\"ls\"}");
  }

  @Tag("failure-19")
  @Test
  void aSandboxThatIsNotIsolatedRunsNothingAndTheModelIsToldWhy() {
    // Given
    bench.session.message("go");
    bench.hands.notIsolated("this sandbox reaches 10.96.0.1:443, which it must not");

    // When
    ExitCode exit = bench.pod(first(bash("ls"))).run();

    // Then
    assertThat(exit).isEqualTo(ExitCode.DONE);
    assertThat(bench.session.events(AgentEvent.ToolResult.class))
        .singleElement()
        .satisfies(it -> {
          assertThat(it.isError()).isTrue();
          assertThat(text(it))
              .isEqualTo(
                  "The call was not run: this sandbox reaches 10.96.0.1:443, which it must not");
        });
    assertThat(bench.hands.effects).isEmpty();
  }

  @Test
  void aCallThatTheOldHandsHadIsNotRunByTheNewOnes() {
    // Given
    bench.session.message("go");
    bench.session.raw(
        new InternalEvent.Woken("sevt_w", 1, "pod-0", "test"),
        new UserEvent.Message("sevt_m", List.of(ContentBlock.text("go"))),
        new AgentEvent.ToolUse("sevt_call", "bash", bash("x").input(), "allow", null, null),
        new InternalEvent.Dispatched("sevt_d", "sevt_call", "instance-0"));

    // When
    bench.pod((_, _) -> says("I see")).run();

    // Then
    assertThat(bench.session.events(AgentEvent.ToolResult.class))
        .extracting(ToolsTest::text)
        .containsExactly(Executions.UNKNOWN);
    assertThat(bench.hands.effects).isEmpty();
  }
}
