package dev.rouse.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.log.memory.InMemoryLogStore.Failure;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.Event;
import dev.rouse.session.EventCodec;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.Phase;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SessionState;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.StopReason;
import dev.rouse.session.UnknownEvent;
import dev.rouse.session.UserEvent;
import dev.rouse.session.protocol.BrainProtocol.Code;
import dev.rouse.session.protocol.BrainProtocol.CommitRequest;
import dev.rouse.session.protocol.BrainProtocol.Wake;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The session's rules over a store in memory, seen by two servers. */
class SessionLogTest {

  private static final int ALL = Integer.MAX_VALUE;
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  private final InMemoryLogStore store = new InMemoryLogStore();
  private final LogKey key = Given.key("team-a");
  private final SessionLog log = server(LogSettings.DEFAULTS);
  private final SessionLog otherServer = server(LogSettings.DEFAULTS);
  private int commits;

  private SessionLog server(LogSettings settings) {
    return new SessionLogs(
            store, settings, Clock.fixed(NOW, ZoneOffset.UTC), Ids.from(new Random(1)))
        .of(key);
  }

  @BeforeEach
  void create() {
    log.create(Given.created(key), List.of());
  }

  private List<String> types() {
    return otherServer.read(0, ALL).map(record -> EventCodec.typeOf(record.event())).toList();
  }

  private List<String> typesFrom(long seq) {
    return otherServer.read(seq, ALL).map(record -> EventCodec.typeOf(record.event())).toList();
  }

  private AppendAnswer receive(UserEvent... events) {
    return log.receive("in-" + commits++, "alice", List.of(events));
  }

  private int wake(String pod) {
    return ((WakeAnswer.Granted) log.wake(pod, "test", 0)).wake().epoch();
  }

  private AppendAnswer commit(String pod, int epoch, Event... events) {
    return log.appendAsBrain(
        pod, new CommitRequest("brain-" + commits++, epoch, List.of(events), null));
  }

  private static Code refused(AppendAnswer answer) {
    return ((AppendAnswer.Refused) answer).refusal().code();
  }

  private static List<LogRecord> accepted(AppendAnswer answer) {
    assertThat(answer).isInstanceOf(AppendAnswer.Accepted.class);
    return ((AppendAnswer.Accepted) answer).records();
  }

  private Event[] idle(StopReason reason) {
    return Given.idle(reason).toArray(Event[]::new);
  }

  /** A running session of {@code brain} in epoch 1 with these calls open. */
  private void runningWith(AgentEvent.Call... calls) {
    UserEvent.Message message = Given.message("go");
    accepted(receive(message));
    assertThat(wake("brain")).isEqualTo(1);
    SpanEvent.ModelRequestStart start = Given.modelStart();
    accepted(commit("brain", 1, message, start));
    List<Event> events = new ArrayList<>(List.of(calls));
    events.add(Given.modelEnd(start));
    accepted(commit("brain", 1, events.toArray(Event[]::new)));
  }

  @Nested
  class Sequence {

    @Test
    void recordsAreGaplessAndTheirTimesRiseByMicrosecondsUnderAStandingClock() {
      // When
      receive(Given.message("one"), Given.message("two"));

      // Then
      List<LogRecord> records = log.read(0, ALL).toList();
      for (int seq = 0; seq < records.size(); seq++) {
        assertThat(records.get(seq).seq()).isEqualTo(seq);
        assertThat(records.get(seq).at()).isEqualTo(NOW.plusNanos(seq * 1000L));
      }
    }

    @Test
    void aSecondCreationStandsOnTheFirst() {
      // When
      AppendAnswer again = otherServer.create(Given.created(key), List.of(Given.message("lost?")));

      // Then
      assertThat(again).isInstanceOf(AppendAnswer.Accepted.class);
      assertThat(types()).containsExactly("rouse.created");
    }

    @Test
    void creationWithInputIsOneCommitAndRuns() {
      // Given
      LogKey fresh = Given.key("team-a");
      SessionLog created =
          new SessionLogs(store, LogSettings.DEFAULTS, Clock.systemUTC(), Ids.random()).of(fresh);

      // When
      created.create(Given.created(fresh), List.of(Given.message("go")));

      // Then
      assertThat(store.read(fresh, 0, ALL)).hasSize(1);
      assertThat(created.state().phase()).isEqualTo(Phase.RUNNING);
      assertThat(created.state().queued()).hasSize(1);
    }

    @Test
    void nothingIsTakenBeforeRecordZero() {
      // Given
      SessionLog empty =
          new SessionLogs(store, LogSettings.DEFAULTS, Clock.systemUTC(), Ids.random())
              .of(Given.key("team-a"));

      // When
      AppendAnswer answer = empty.receive("a", null, List.of(Given.message("hello")));

      // Then
      assertThat(refused(answer)).isEqualTo(Code.UNAVAILABLE);
      assertThat(empty.state().exists()).isFalse();
    }
  }

  @Nested
  class UnknownOutcomes {

    @ParameterizedTest
    @EnumSource(
        value = Failure.class,
        names = {"LOST_BEFORE", "LOST_AFTER"})
    void aLostAnswerIsLookedUpAndTheEventStandsOnce(Failure failure) {
      // Given
      store.failAppend(1, failure);

      // When
      List<LogRecord> records = accepted(receive(Given.message("once")));

      // Then
      assertThat(records).hasSize(1);
      assertThat(types())
          .containsExactly(
              "rouse.created",
              "rouse.received",
              "session.status_running",
              "session.thread_status_running");
    }

    @Test
    void thatReadingFailsTooDoesNotMakeTheOutcomeKnown() {
      // Given
      store.failAppend(1, Failure.LOST_AFTER);
      UserEvent.Message message = Given.message("once");
      log.cachedState();
      store.failReads(true);

      // When
      assertThatThrownBy(() -> log.receive("same", "alice", List.of(message)))
          .isInstanceOf(OutcomeUnknown.class);
      store.failReads(false);
      AppendAnswer again = otherServer.receive("same", "alice", List.of(Given.message("once")));

      // Then
      assertThat(accepted(again)).hasSize(1);
      assertThat(((InternalEvent.Received) accepted(again).getFirst().event()).event())
          .isEqualTo(message);
      assertThat(types()).containsOnlyOnce("rouse.received");
    }

    @Test
    void anUnavailableStoreIsSaidAtOnce() {
      // Given
      store.failAppend(1, Failure.UNAVAILABLE);

      // When
      assertThatThrownBy(() -> receive(Given.message("never")))
          // Then
          .isInstanceOf(LogUnavailable.class);
      assertThat(types()).containsExactly("rouse.created");
    }

    @Test
    void aBrainThatAsksAgainGetsTheFirstAnswerEvenFromAnotherServerAndMuchLater() {
      // Given
      accepted(receive(Given.message("go")));
      wake("brain");
      CommitRequest request = new CommitRequest("c1", 1, List.of(Given.modelStart()), null);
      AppendAnswer first = log.appendAsBrain("brain", request);
      accepted(receive(Given.message("more")));

      // When
      AppendAnswer again = otherServer.appendAsBrain("brain", request);

      // Then
      assertThat(again).isEqualTo(first);
    }

    @Test
    void anAppendIdWithOtherEventsIsRefused() {
      // Given
      accepted(receive(Given.message("go")));
      wake("brain");
      log.appendAsBrain("brain", new CommitRequest("c1", 1, List.of(Given.modelStart()), null));

      // When
      AppendAnswer other =
          log.appendAsBrain("brain", new CommitRequest("c1", 1, List.of(Given.modelStart()), null));
      AppendAnswer input = log.receive("in-0", "alice", List.of(Given.message("stop")));

      // Then
      assertThat(refused(other)).isEqualTo(Code.APPEND_ID_REUSED);
      assertThat(refused(input)).isEqualTo(Code.APPEND_ID_REUSED);
    }
  }

  @Nested
  class Input {

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

    @Test
    void aTerminatedSessionTakesNothing() {
      // Given
      log.append(
          "end",
          null,
          state -> Decision.append(state, List.of(new SessionEvent.StatusTerminated("sevt_end"))));

      // When
      AppendAnswer answer = receive(Given.message("hello?"));
      WakeAnswer wake = log.wake("brain", "test", 0);

      // Then
      assertThat(refused(answer)).isEqualTo(Code.GONE);
      assertThat(((WakeAnswer.Refused) wake).refusal().code()).isEqualTo(Code.GONE);
    }
  }

  @Nested
  class Fencing {

    @Test
    void theSamePodAskingAgainGetsTheSameAnswer() {
      // When
      WakeAnswer first = log.wake("pod-1", "first wake", 0);
      accepted(receive(Given.message("go")));
      WakeAnswer again = otherServer.wake("pod-1", "first wake", 0);

      // Then
      assertThat(first).isEqualTo(new WakeAnswer.Granted(new Wake(1, 1)));
      assertThat(again).isEqualTo(first);
    }

    @Test
    void aBrainIsFencedByTheNextWakeOnAnotherServer() {
      // Given
      accepted(receive(Given.message("go")));
      wake("pod-1");
      otherServer.wake("pod-2", "the first one died", 0);

      // When
      AppendAnswer zombie = commit("pod-1", 1, Given.modelStart());
      AppendAnswer guess = commit("pod-1", 2, Given.modelStart());
      AppendAnswer old = commit("pod-2", 1, Given.modelStart());
      WakeAnswer back = log.wake("pod-1", "I am still here", 0);
      AppendAnswer owner = commit("pod-2", 2, Given.modelStart());

      // Then
      assertThat(refused(zombie)).isEqualTo(Code.FENCED);
      assertThat(refused(guess)).isEqualTo(Code.FENCED);
      assertThat(refused(old)).isEqualTo(Code.FENCED);
      assertThat(((WakeAnswer.Refused) back).refusal().code()).isEqualTo(Code.FENCED);
      assertThat(accepted(owner))
          .singleElement()
          .satisfies(r -> assertThat(r.epoch()).isEqualTo(2));
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
      assertThat(answers).extracting(SessionLogTest::refused).containsOnly(Code.INVALID);
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
  }

  @Nested
  class Interrupts {

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
      assertThat(refused).extracting(SessionLogTest::refused).containsOnly(Code.INTERRUPTED);
      assertThat(result).isInstanceOf(AppendAnswer.Accepted.class);
    }

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

  @Nested
  class Poison {

    @Test
    void theSixthWakeWithoutProgressPutsTheSessionToRest() {
      // Given
      AgentEvent.ToolUse call = Given.bash("crash");
      runningWith(call);
      accepted(commit("brain", 1, new InternalEvent.Dispatched("sevt_d", call.id(), "hands-1")));
      accepted(receive(Given.message("are you there?")));
      for (int i = 0; i < 5; i++) {
        wake("pod-" + i);
      }
      long head = log.state().head();

      // When
      WakeAnswer sixth = log.wake("pod-5", "the last one died", 0);
      WakeAnswer again = otherServer.wake("pod-5", "the last one died", 0);

      // Then
      assertThat(((WakeAnswer.Refused) sixth).refusal().code()).isEqualTo(Code.POISONED);
      assertThat(((WakeAnswer.Refused) again).refusal().code()).isEqualTo(Code.POISONED);
      assertThat(typesFrom(head + 1))
          .containsExactly(
              "agent.tool_result",
              "user.message",
              "session.error",
              "session.thread_status_idle",
              "session.usage",
              "session.status_idle");
      SessionState state = log.state();
      assertThat(state.stopReason()).isEqualTo(StopReason.RETRIES_EXHAUSTED);
      assertThat(state.openToolUses()).isEmpty();
      assertThat(state.queued()).isEmpty();
    }

    @Test
    void afterRestTheSessionIsUsableAgain() {
      // Given
      accepted(receive(Given.message("go")));
      for (int i = 0; i < 6; i++) {
        log.wake("pod-" + i, "test", 0);
      }

      // When
      accepted(receive(Given.message("once more")));
      WakeAnswer wake = log.wake("pod-6", "new input", 0);

      // Then
      assertThat(wake).isInstanceOf(WakeAnswer.Granted.class);
    }

    @Test
    void evictionsDoNotCount() {
      // Given
      accepted(receive(Given.message("go")));
      for (int i = 0; i < 5; i++) {
        wake("pod-" + i);
      }

      // When
      WakeAnswer sixth = log.wake("pod-5", "evicted before", 1);

      // Then
      assertThat(sixth).isInstanceOf(WakeAnswer.Granted.class);
    }

    @Test
    void progressStartsTheCountAnew() {
      // Given
      accepted(receive(Given.message("go")));
      for (int i = 0; i < 5; i++) {
        wake("pod-" + i);
      }
      accepted(commit("pod-4", 5, Given.answer("so far so good")));

      // When
      WakeAnswer next = log.wake("pod-5", "test", 0);

      // Then
      assertThat(next).isInstanceOf(WakeAnswer.Granted.class);
    }
  }

  @Nested
  class NewerVersions {

    @Test
    void aCriticalRecordThatNobodyKnowsStopsAppendsAndWakesButNotReading() {
      // Given
      UnknownEvent future =
          new UnknownEvent(
              "sevt_f", "rouse.future", Given.input("id", "sevt_f").put("type", "rouse.future"));
      Head head = store.head(key);
      store.append(
          key,
          head.seq(),
          new Commit(
              "future",
              null,
              List.of(
                  new LogRecord(
                      head.seq() + 1, NOW.plusSeconds(1), 0, true, future, java.util.Map.of()))));

      // When
      AppendAnswer input = receive(Given.message("hello"));
      WakeAnswer wake = log.wake("pod", "test", 0);

      // Then
      assertThat(refused(input)).isEqualTo(Code.NEEDS_NEWER_VERSION);
      assertThat(((WakeAnswer.Refused) wake).refusal().code()).isEqualTo(Code.NEEDS_NEWER_VERSION);
      assertThat(types()).endsWith("rouse.future");
    }
  }

  @Nested
  class Limits {

    private final LogSettings tight = new LogSettings(6000, 1_000_000, 3000, 10, 1_000_000);

    private void fill(int bytes) {
      while (store.head(key).bytes() < bytes) {
        accepted(commit("brain", 1, Given.answer("x".repeat(500))));
      }
    }

    @Test
    void aFullLogRefusesNewWorkAndTakesWhatEndsTheOld() {
      // Given
      AgentEvent.ToolUse call = Given.bash("ls");
      AgentEvent.CustomToolUse custom = Given.custom("ask");
      runningWith(call, custom);
      fill(6000);
      SessionLog full = server(tight);

      // When
      AppendAnswer message = full.receive("m", null, List.of(Given.message("more")));
      AppendAnswer model =
          full.appendAsBrain("brain", new CommitRequest("s", 1, List.of(Given.modelStart()), null));
      AppendAnswer result =
          full.appendAsBrain(
              "brain", new CommitRequest("r", 1, List.of(Given.result(call.id(), "ok")), null));
      AppendAnswer custonResult =
          full.receive("c", null, List.of(Given.customResult(custom.id(), "ok")));
      AppendAnswer interrupt = full.receive("i", null, List.of(Given.interrupt()));

      // Then
      assertThat(refused(message)).isEqualTo(Code.LOG_FULL);
      assertThat(refused(model)).isEqualTo(Code.LOG_FULL);
      assertThat(List.of(result, custonResult, interrupt))
          .allMatch(AppendAnswer.Accepted.class::isInstance);
      assertThat(full.room()).isEqualTo(Room.LOG_FULL);
    }

    @Test
    void anExhaustedReserveStillTakesInterruptAndIdle() {
      // Given
      AgentEvent.ToolUse call = Given.bash("ls");
      runningWith(call);
      fill(9000);
      SessionLog full = server(tight);

      // When
      AppendAnswer result =
          full.appendAsBrain(
              "brain", new CommitRequest("r", 1, List.of(Given.result(call.id(), "ok")), null));
      UserEvent.Interrupt stop = Given.interrupt();
      AppendAnswer interrupt = full.receive("i", null, List.of(stop));
      List<Event> takeUp = new ArrayList<>(List.of(stop, Given.result(call.id(), "stopped")));
      takeUp.addAll(Given.idle(StopReason.END_TURN));
      AppendAnswer idle = full.appendAsBrain("brain", new CommitRequest("t", 1, takeUp, null));

      // Then
      assertThat(refused(result)).isEqualTo(Code.LOG_FULL);
      assertThat(List.of(interrupt, idle)).allMatch(AppendAnswer.Accepted.class::isInstance);
    }

    @Test
    void aFullStoreRefusesNewInputOfEveryLog() {
      // Given
      SessionLog full = server(new LogSettings(1_000_000, 100, 100, 10, 1_000_000));

      // When
      AppendAnswer answer = full.receive("m", null, List.of(Given.message("more")));

      // Then
      assertThat(refused(answer)).isEqualTo(Code.LOG_FULL);
      assertThat(((AppendAnswer.Refused) answer).refusal().message()).contains("all sessions");
    }
  }
}
