package dev.rouse.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.session.AgentEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.Phase;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SessionState;
import dev.rouse.session.StopReason;
import dev.rouse.session.UserEvent;
import dev.rouse.session.protocol.BrainProtocol.Code;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a client's events become. */
class InputRulesTest extends SessionLogFixture {

  @Tag("contract-sent-message")
  @Tag("contract-state-running")
  @Test
  void aMessageAtIdleRunsTheSessionInTheSameCommit() {
    // When
    accepted(receive(Given.message("go")));

    // Then
    assertThat(store.read(key, 1, ALL)).hasSize(1);
    assertThat(typesFrom(1))
        .containsExactly(
            "rouse.received", "session.status_running", "session.thread_status_running");
  }

  @Tag("contract-sent-message")
  @Test
  void aMessageToARunningSessionIsOnlyReceived() {
    // Given
    runningWith(Given.bash("sleep 1"));
    long head = log.state().head();

    // When
    accepted(receive(Given.message("and then?")));

    // Then
    assertThat(typesFrom(head + 1)).containsExactly("rouse.received");
  }

  @Test
  void aMessageWhileAnswersAreAwaitedStaysQueued() {
    // Given
    runningWith(Given.custom("ask_person"));
    accepted(commit("brain", 1, idle(StopReason.requiresAction(log.state().awaited()))));
    long head = log.state().head();

    // When
    accepted(receive(Given.message("hurry")));

    // Then
    assertThat(typesFrom(head + 1)).containsExactly("rouse.received");
    assertThat(log.state().phase()).isEqualTo(Phase.IDLE);
  }

  @Tag("contract-state-requires-action")
  @Tag("contract-state-running")
  @Test
  void aPartialAnswerIdlesAgainWithTheRestAndTheLastOneRuns() {
    // Given
    AgentEvent.ToolUse asked = Given.askedBash("rm -r build");
    AgentEvent.CustomToolUse custom = Given.custom("ask_person");
    runningWith(asked, custom);
    accepted(commit("brain", 1, idle(StopReason.requiresAction(log.state().awaited()))));
    long head = log.state().head();

    // When
    accepted(receive(Given.confirmation(asked.id(), "allow")));
    SessionState between = log.state();
    long partial = between.head();
    accepted(receive(Given.customResult(custom.id(), "yes")));

    // Then
    assertThat(typesFrom(head + 1).subList(0, (int) (partial - head)))
        .containsExactly(
            "user.tool_confirmation",
            "session.thread_status_idle",
            "session.usage",
            "session.status_idle");
    assertThat(between.stopReason()).isEqualTo(StopReason.requiresAction(List.of(custom.id())));
    assertThat(typesFrom(partial + 1))
        .containsExactly(
            "user.custom_tool_result", "session.status_running", "session.thread_status_running");
  }

  @Test
  void bothAnswersInOneRequestRunAtOnce() {
    // Given
    AgentEvent.CustomToolUse one = Given.custom("one");
    AgentEvent.CustomToolUse two = Given.custom("two");
    runningWith(one, two);
    accepted(commit("brain", 1, idle(StopReason.requiresAction(log.state().awaited()))));

    // When
    List<LogRecord> echoes =
        accepted(receive(Given.customResult(one.id(), "1"), Given.customResult(two.id(), "2")));

    // Then
    assertThat(echoes).hasSize(2);
    assertThat(log.state().phase()).isEqualTo(Phase.RUNNING);
  }

  @Tag("contract-no-repeat")
  @Test
  void theSameAnswerTwiceIsAnsweredWithTheFirstAndAnotherOneIsRefused() {
    // Given
    AgentEvent.CustomToolUse custom = Given.custom("ask_person");
    runningWith(custom);
    LogRecord first = accepted(receive(Given.customResult(custom.id(), "yes"))).getFirst();
    long head = log.state().head();

    // When
    AppendAnswer same = receive(Given.customResult(custom.id(), "yes"));
    AppendAnswer other = receive(Given.customResult(custom.id(), "no"));
    AppendAnswer unasked = receive(Given.customResult("sevt_none", "yes"));
    AppendAnswer wrongKind = receive(Given.confirmation(custom.id(), "allow"));

    // Then
    assertThat(accepted(same)).containsExactly(first);
    assertThat(refused(other)).isEqualTo(Code.INVALID);
    assertThat(refused(unasked)).isEqualTo(Code.INVALID);
    assertThat(log.state().head()).isEqualTo(head);
    assertThat(((AppendAnswer.Refused) other).refusal().message())
        .contains(custom.id())
        .contains(first.event().id());
    assertThat(refused(wrongKind)).isEqualTo(Code.INVALID);
  }

  @Test
  void anInterruptOfARestingSessionIsProcessedAndWakesNobody() {
    // When
    UserEvent.Interrupt interrupt = Given.interrupt();
    List<LogRecord> echoes = accepted(receive(interrupt));

    // Then
    assertThat(echoes.getFirst().event()).isEqualTo(interrupt);
    assertThat(log.state().phase()).isEqualTo(Phase.IDLE);
    assertThat(log.state().pendingInterrupt()).isEmpty();
  }

  @Tag("contract-sent-interrupt")
  @Test
  void anInterruptOfAnOpenTurnWaitsForTheBrain() {
    // Given
    runningWith(Given.bash("sleep 1000"));

    // When
    accepted(receive(Given.interrupt()));

    // Then
    assertThat(log.state().pendingInterrupt()).isPresent();
  }

  @Test
  void anInterruptWhileAnswersAreAwaitedRunsTheSessionToBeTakenUp() {
    // Given
    runningWith(Given.custom("ask_person"));
    accepted(commit("brain", 1, idle(StopReason.requiresAction(log.state().awaited()))));

    // When
    accepted(receive(Given.interrupt()));

    // Then
    assertThat(log.state().phase()).isEqualTo(Phase.RUNNING);
    assertThat(log.state().pendingInterrupt()).isPresent();
  }

  @Test
  void aDeliveredMessageIsDeliveredOnce() {
    // When
    AppendAnswer first = log.deliver("m1", Given.message("go"));
    AppendAnswer again = otherServer.deliver("m1", Given.message("go"));
    AppendAnswer next = otherServer.deliver("m2", Given.message("on"));

    // Then
    assertThat(List.of(first, again, next)).allMatch(AppendAnswer.Accepted.class::isInstance);
    assertThat(types())
        .containsExactly(
            "rouse.created",
            "rouse.message_delivered",
            "rouse.received",
            "session.status_running",
            "session.thread_status_running",
            "rouse.message_delivered",
            "rouse.received");
  }

  @Tag("contract-sent-custom-result")
  @Test
  void aCustomToolAnsweredBeforeTheIdleIsNotAwaited() {
    // Given
    AgentEvent.CustomToolUse custom = Given.custom("ask_person");
    runningWith(custom);
    long head = log.state().head();

    // When
    accepted(receive(Given.customResult(custom.id(), "yes")));

    // Then
    assertThat(typesFrom(head + 1)).containsExactly("user.custom_tool_result");
    assertThat(log.state().openToolUses()).isEmpty();
    assertThat(log.state().awaited()).isEmpty();
    assertThat(log.state().isAnswerDue()).isTrue();
  }

  @Test
  void theSameConfirmationOfSomebodyElseIsTheFirstOne() {
    // Given
    AgentEvent.ToolUse asked = Given.askedBash("rm -r build");
    runningWith(asked);
    accepted(commit("brain", 1, idle(StopReason.requiresAction(log.state().awaited()))));
    LogRecord first =
        accepted(receive(Given.confirmation(asked.id(), "allow").decidedBy("alice"))).getFirst();

    // When
    List<LogRecord> second =
        accepted(receive(Given.confirmation(asked.id(), "allow").decidedBy("bob")));

    // Then
    assertThat(second).containsExactly(first);
    assertThat(((UserEvent.ToolConfirmation) first.event()).decidedBy()).isEqualTo("alice");
  }

  @Tag("contract-sent-system")
  @Test
  void aSystemMessageWhileAnswersAreAwaitedMustTrailAResult() {
    // Given
    AgentEvent.CustomToolUse one = Given.custom("one");
    AgentEvent.CustomToolUse two = Given.custom("two");
    runningWith(one, two);
    accepted(commit("brain", 1, idle(StopReason.requiresAction(log.state().awaited()))));

    // When
    AppendAnswer behindMessage = receive(Given.message("hurry"), Given.system("be quick"));
    AppendAnswer behindResult =
        receive(Given.customResult(one.id(), "1"), Given.system("be quick"));

    // Then
    assertThat(refused(behindMessage)).isEqualTo(Code.INVALID);
    assertThat(accepted(behindResult)).hasSize(2);
    assertThat(log.state().awaited()).containsExactly(two.id());
    assertThat(log.state().queued()).hasSize(1);
  }

  @Test
  void theSameKeyStandsForTheSameAnswersOnly() {
    // Given
    AgentEvent.CustomToolUse one = Given.custom("one");
    AgentEvent.CustomToolUse two = Given.custom("two");
    runningWith(one, two);
    log.receive("key", "alice", List.of(Given.customResult(one.id(), "1")));

    // When
    AppendAnswer same = log.receive("key", "alice", List.of(Given.customResult(one.id(), "1")));
    AppendAnswer other = log.receive("key", "alice", List.of(Given.customResult(two.id(), "2")));
    AppendAnswer more =
        log.receive(
            "key",
            "alice",
            List.of(Given.customResult(one.id(), "1"), Given.customResult(two.id(), "2")));

    // Then
    assertThat(accepted(same)).hasSize(1);
    assertThat(refused(other)).isEqualTo(Code.APPEND_ID_REUSED);
    assertThat(refused(more)).isEqualTo(Code.APPEND_ID_REUSED);
    assertThat(log.state().openToolUses()).containsOnlyKeys(two.id());
  }

  @Tag("contract-state-terminated")
  @Test
  void aTerminatedSessionTakesNothing() {
    // Given
    log.append(
        "end",
        null,
        state -> Decision.append(state, List.of(new SessionEvent.StatusTerminated("sevt_end"))));

    // When
    AppendAnswer answer = receive(Given.message("hello?"));
    WakeAnswer wake = log.wake("brain", "test", Set.of());

    // Then
    assertThat(refused(answer)).isEqualTo(Code.GONE);
    assertThat(((WakeAnswer.Refused) wake).refusal().code()).isEqualTo(Code.GONE);
  }

  @Tag("contract-work-result")
  @Test
  void aWorkersResultIsForSelfHostedEnvironmentsOnly() {
    // Given
    AgentEvent.ToolUse call = Given.bash("make");
    runningWith(call);
    long head = log.state().head();

    // When
    AppendAnswer answer = receive(Given.toolResult(call.id(), "ok"));

    // Then
    assertThat(refused(answer)).isEqualTo(Code.INVALID);
    assertThat(((AppendAnswer.Refused) answer).refusal().message()).contains("self-hosted");
    assertThat(log.state().head()).isEqualTo(head);
  }
}
