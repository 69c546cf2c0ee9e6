package dev.rouse.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.session.AgentEvent;
import dev.rouse.session.Event;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.Phase;
import dev.rouse.session.StopReason;
import dev.rouse.session.UnknownEvent;
import dev.rouse.session.UserEvent;
import dev.rouse.session.protocol.BrainProtocol.Code;
import dev.rouse.session.protocol.BrainProtocol.CommitRequest;
import dev.rouse.session.protocol.BrainProtocol.Wake;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who may write as the brain, what, and when an interrupt stands against it. */
class BrainRulesTest extends SessionLogFixture {

  @Test
  void theSamePodAskingAgainGetsTheSameAnswer() {
    // When
    WakeAnswer first = log.wake("pod-1", "first wake", Set.of());
    accepted(receive(Given.message("go")));
    WakeAnswer again = otherServer.wake("pod-1", "first wake", Set.of());

    // Then
    assertThat(first).isEqualTo(new WakeAnswer.Granted(new Wake(1, 1)));
    assertThat(again).isEqualTo(first);
  }

  @Test
  void aBrainIsFencedByTheNextWakeOnAnotherServer() {
    // Given
    accepted(receive(Given.message("go")));
    wake("pod-1");
    otherServer.wake("pod-2", "the first one died", Set.of());

    // When
    AppendAnswer zombie = commit("pod-1", 1, Given.modelStart());
    AppendAnswer guess = commit("pod-1", 2, Given.modelStart());
    AppendAnswer old = commit("pod-2", 1, Given.modelStart());
    WakeAnswer back = log.wake("pod-1", "I am still here", Set.of());
    AppendAnswer owner = commit("pod-2", 2, Given.modelStart());

    // Then
    assertThat(refused(zombie)).isEqualTo(Code.FENCED);
    assertThat(refused(guess)).isEqualTo(Code.FENCED);
    assertThat(refused(old)).isEqualTo(Code.FENCED);
    assertThat(((WakeAnswer.Refused) back).refusal().code()).isEqualTo(Code.FENCED);
    assertThat(accepted(owner)).singleElement().satisfies(r -> assertThat(r.epoch()).isEqualTo(2));
  }

  @Test
  void aServerThatDidNotSeeTheWakeDoesNotFenceItsBrain() {
    // Given
    accepted(otherServer.receive("x", null, List.of(Given.message("go"))));
    assertThat(otherServer.cachedState().epoch()).isZero();
    wake("pod-1");

    // When
    AppendAnswer answer =
        otherServer.appendAsBrain(
            "pod-1", new CommitRequest("c", 1, List.of(Given.modelStart()), null));

    // Then
    assertThat(answer).isInstanceOf(AppendAnswer.Accepted.class);
  }

  @Test
  void atHeadIsTheHeadOrAConflict() {
    // Given
    accepted(receive(Given.message("go")));
    wake("brain");
    long head = log.state().head();
    accepted(otherServer.receive("late", null, List.of(Given.message("wait"))));

    // When
    AppendAnswer stale =
        log.appendAsBrain(
            "brain", new CommitRequest("i", 1, Given.idle(StopReason.END_TURN), head));

    // Then
    assertThat(refused(stale)).isEqualTo(Code.CONFLICT);
    assertThat(((AppendAnswer.Refused) stale).refusal().head()).isEqualTo(head + 1);
  }

  @Test
  void aBrainWritesOnlyWhatIsItsToWrite() {
    // Given
    runningWith(Given.bash("ls"));

    // When
    List<AppendAnswer> answers =
        List.of(
            commit("brain", 1),
            commit("brain", 1, Given.created(key)),
            commit("brain", 1, new InternalEvent.Woken("sevt_w", 9, "x", "y")),
            commit("brain", 1, Given.message("I am the user")),
            commit("brain", 1, Given.result("sevt_nothing", "x")),
            commit(
                "brain",
                1,
                new UnknownEvent(
                    "sevt_u",
                    "agent.future",
                    Given.input("id", "sevt_u").put("type", "agent.future"))));

    // Then
    assertThat(answers).extracting(SessionLogFixture::refused).containsOnly(Code.INVALID);
  }

  @Test
  void aCompactionHidesNothingThatWaitsForTheModel() {
    // Given
    UserEvent.Message first = Given.message("go");
    UserEvent.Message second = Given.message("and on");
    accepted(receive(first));
    wake("brain");
    accepted(commit("brain", 1, first, Given.answer("gone")));
    long answered = log.state().head();
    accepted(receive(second));
    accepted(commit("brain", 1, second));

    // When
    AppendAnswer tooMuch =
        commit("brain", 1, new InternalEvent.Compacted("sevt_c", log.state().head(), "all"));
    AppendAnswer nothing = commit("brain", 1, new InternalEvent.Compacted("sevt_c", -1, "none"));
    AppendAnswer past =
        commit("brain", 1, new InternalEvent.Compacted("sevt_c", answered, "they went"));

    // Then
    assertThat(refused(tooMuch)).isEqualTo(Code.INVALID);
    assertThat(((AppendAnswer.Refused) tooMuch).refusal().message())
        .contains("it may go through " + answered);
    assertThat(refused(nothing)).isEqualTo(Code.INVALID);
    accepted(past);
    assertThat(log.state().transcript()).containsExactly(second);
    assertThat(log.state().summary()).isEqualTo("they went");
  }

  @Test
  void aResultThatStandsIsNotWrittenAgain() {
    // Given
    AgentEvent.ToolUse call = Given.bash("ls");
    runningWith(call);
    LogRecord first = accepted(commit("brain", 1, Given.result(call.id(), "a b"))).getFirst();
    long head = log.state().head();

    // When
    AppendAnswer same = commit("brain", 1, Given.result(call.id(), "a b"));
    AppendAnswer other = commit("brain", 1, Given.result(call.id(), "c"));

    // Then
    assertThat(accepted(same)).containsExactly(first);
    assertThat(refused(other)).isEqualTo(Code.CONFLICT);
    assertThat(log.state().head()).isEqualTo(head);
  }

  @Test
  void nothingStartsAndNothingRestsWhileOneWaits() {
    // Given
    AgentEvent.ToolUse call = Given.bash("make");
    runningWith(call);
    accepted(otherServer.receive("stop", null, List.of(Given.interrupt())));

    // When
    List<AppendAnswer> refused =
        List.of(
            commit("brain", 1, Given.modelStart()),
            commit("brain", 1, Given.bash("more")),
            commit("brain", 1, new InternalEvent.Dispatched("sevt_d", call.id(), "hands")),
            commit("brain", 1, idle(StopReason.END_TURN)));
    AppendAnswer result = commit("brain", 1, Given.result(call.id(), "done"));

    // Then
    assertThat(refused).extracting(SessionLogFixture::refused).containsOnly(Code.INTERRUPTED);
    assertThat(result).isInstanceOf(AppendAnswer.Accepted.class);
  }

  @Tag("failure-3")
  @Test
  void takingItUpIsOneCommitAndQueuedMessagesRunOn() {
    // Given
    AgentEvent.ToolUse call = Given.bash("make");
    runningWith(call);
    UserEvent.Interrupt interrupt = Given.interrupt();
    accepted(receive(Given.message("something else")));
    accepted(receive(interrupt));
    List<Event> takeUp = new ArrayList<>(List.of(interrupt, Given.result(call.id(), "stopped")));
    takeUp.addAll(Given.idle(StopReason.END_TURN));
    long head = log.state().head();

    // When
    AppendAnswer answer = commit("brain", 1, takeUp.toArray(Event[]::new));

    // Then
    assertThat(answer).isInstanceOf(AppendAnswer.Accepted.class);
    assertThat(store.read(key, head + 1, ALL)).hasSize(1);
    assertThat(typesFrom(head + 1))
        .containsExactly(
            "user.interrupt",
            "agent.tool_result",
            "session.thread_status_idle",
            "session.usage",
            "session.status_idle",
            "session.status_running",
            "session.thread_status_running");
    assertThat(log.state().isTurnOpen()).isFalse();
    assertThat(log.state().pendingInterrupt()).isEmpty();
  }

  @Test
  void anEndedTurnIsOwedNoAnswer() {
    // Given
    AgentEvent.ToolUse call = Given.bash("make");
    runningWith(call);
    UserEvent.Interrupt interrupt = Given.interrupt();
    accepted(receive(interrupt));
    List<Event> takeUp = new ArrayList<>(List.of(interrupt, Given.result(call.id(), "stopped")));
    takeUp.addAll(Given.idle(StopReason.END_TURN));
    accepted(commit("brain", 1, takeUp.toArray(Event[]::new)));

    // When
    List<LogRecord> second = accepted(receive(Given.interrupt()));

    // Then
    assertThat(second.getFirst().event()).isInstanceOf(UserEvent.Interrupt.class);
    assertThat(log.state().phase()).isEqualTo(Phase.IDLE);
  }
}
