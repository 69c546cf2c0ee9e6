package dev.rouse.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.log.memory.InMemoryLogStore.Failure;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.Phase;
import dev.rouse.session.UnknownEvent;
import dev.rouse.session.UserEvent;
import dev.rouse.session.protocol.BrainProtocol.Code;
import dev.rouse.session.protocol.BrainProtocol.CommitRequest;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sequence, time, append ids and unknown outcomes: what holds of every append. */
class SessionLogTest extends SessionLogFixture {

  @Tag("contract-order-times")
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

  @Tag("failure-25")
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
    WakeAnswer wake = log.wake("pod", "test", Set.of());

    // Then
    assertThat(refused(input)).isEqualTo(Code.NEEDS_NEWER_VERSION);
    assertThat(((WakeAnswer.Refused) wake).refusal().code()).isEqualTo(Code.NEEDS_NEWER_VERSION);
    assertThat(types()).endsWith("rouse.future");
  }
}
