package dev.rouse.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.session.AgentEvent;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.Phase;
import dev.rouse.session.SessionState;
import dev.rouse.session.StopReason;
import dev.rouse.session.UserEvent;
import dev.rouse.session.protocol.BrainProtocol.Code;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A session whose built-in tools a worker runs (contract §1.4, §2.2). */
class SelfHostedTest extends SessionLogFixture {

  @Override
  protected InternalEvent.Created created() {
    return Given.selfHosted(key);
  }

  /** The session rests, and waits for answers to these calls. */
  private void waitsFor(AgentEvent.Call... calls) {
    runningWith(calls);
    accepted(commit("brain", 1, idle(StopReason.requiresAction(log.state().awaited()))));
  }

  @Tag("contract-work-result")
  @Test
  void aCallWaitsForAWorkerLikeACustomOneForAClientAndItsResultIsProcessedAtOnce() {
    // Given
    AgentEvent.ToolUse call = Given.bash("make");
    waitsFor(call);
    SessionState waiting = log.state();
    long head = waiting.head();

    // When
    List<LogRecord> echo = accepted(receive(Given.toolResult(call.id(), "ok")));

    // Then
    assertThat(waiting.awaited()).containsExactly(call.id());
    assertThat(waiting.hasWork()).isTrue();
    assertThat(waiting.awaitedOfPeople()).isEmpty();
    assertThat(echo)
        .singleElement()
        .satisfies(it -> {
          assertThat(it.event()).isInstanceOf(UserEvent.ToolResult.class);
        });
    assertThat(typesFrom(head + 1))
        .containsExactly(
            "user.tool_result", "session.status_running", "session.thread_status_running");
    assertThat(log.state().isAnswerDue()).isTrue();
    assertThat(log.state().hasWork()).isFalse();
  }

  @Test
  void anEqualResultIsTheFirstOneAndAnotherIsRefusedForEver() {
    // Given
    AgentEvent.ToolUse call = Given.bash("make");
    waitsFor(call);
    LogRecord first = accepted(receive(Given.toolResult(call.id(), "ok"))).getFirst();
    long head = log.state().head();

    // When
    AppendAnswer same = receive(Given.toolResult(call.id(), "ok"));
    AppendAnswer other = receive(Given.toolResult(call.id(), "broken"));

    // Then
    assertThat(accepted(same)).containsExactly(first);
    assertThat(refused(other)).isEqualTo(Code.INVALID);
    assertThat(log.state().head()).isEqualTo(head);
  }

  @Test
  void anAskedCallIsWorkOnceItIsAllowed() {
    // Given
    AgentEvent.ToolUse call = Given.askedBash("rm -r build");
    waitsFor(call);
    boolean before = log.state().hasWork();
    long head = log.state().head();

    // When
    AppendAnswer early = receive(Given.toolResult(call.id(), "gone"));
    accepted(receive(Given.confirmation(call.id(), "allow")));

    // Then
    assertThat(before).isFalse();
    assertThat(refused(early)).isEqualTo(Code.INVALID);
    assertThat(typesFrom(head + 1)).containsExactly("user.tool_confirmation");
    assertThat(log.state().hasWork()).isTrue();
    assertThat(log.state().phase()).isEqualTo(Phase.IDLE);
    accepted(receive(Given.toolResult(call.id(), "gone")));
    assertThat(log.state().phase()).isEqualTo(Phase.RUNNING);
  }

  @Test
  void aDeniedCallIsNoWorkAndTheBrainAnswersItAsAClientWould() {
    // Given
    AgentEvent.ToolUse call = Given.askedBash("rm -r build");
    waitsFor(call);

    // When
    accepted(receive(Given.confirmation(call.id(), "deny")));
    boolean work = log.state().hasWork();
    AppendAnswer worker = receive(Given.toolResult(call.id(), "gone"));
    int epoch = wake("second");
    accepted(
        commit(
            "second", epoch, log.state().openToolUses().get(call.id()).failed("sevt_d", "denied")));

    // Then
    assertThat(work).isFalse();
    assertThat(refused(worker)).isEqualTo(Code.INVALID);
    assertThat(types()).endsWith("user.tool_result");
    assertThat(log.state().openToolUses()).isEmpty();
  }

  @Test
  void anInterruptTakesTheWorkBackAndALateResultIsRefused() {
    // Given
    AgentEvent.ToolUse call = Given.bash("make");
    waitsFor(call);

    // When
    UserEvent.Interrupt interrupt = Given.interrupt();
    accepted(receive(interrupt));
    boolean work = log.state().hasWork();
    int epoch = wake("second");
    accepted(
        commit(
            "second",
            epoch,
            interrupt,
            log.state().openToolUses().get(call.id()).failed("sevt_i", "interrupted")));
    AppendAnswer late = receive(Given.toolResult(call.id(), "ok"));

    // Then
    assertThat(work).isFalse();
    assertThat(refused(late)).isEqualTo(Code.INVALID);
  }

  @Test
  void aCallThatIsGivenUpIsAnsweredByAnEventThatWorkersTakeForAnAnswer() {
    // Given
    AgentEvent.ToolUse call = Given.bash("make");
    AgentEvent.CustomToolUse custom = Given.custom("ask");
    runningWith(call, custom);

    // When
    for (int i = 0; i <= WakeRules.MAX_WAKES; i++) {
      log.wake("pod-" + i, "test", Set.of());
    }

    // Then
    assertThat(types()).contains("user.tool_result", "user.custom_tool_result");
    assertThat(types()).doesNotContain("agent.tool_result");
    assertThat(log.state().openToolUses()).isEmpty();
  }

  @Test
  void aBrainWritesNoOtherEventOfAClient() {
    // Given
    runningWith(Given.bash("make"));

    // When
    AppendAnswer message = commit("brain", 1, Given.message("go"));
    AppendAnswer unasked = commit("brain", 1, Given.toolResult("sevt_none", "x"));

    // Then
    assertThat(refused(message)).isEqualTo(Code.INVALID);
    assertThat(refused(unasked)).isEqualTo(Code.INVALID);
  }
}
