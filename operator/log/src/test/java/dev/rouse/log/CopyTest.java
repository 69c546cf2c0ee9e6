package dev.rouse.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.log.AppendAnswer.Accepted;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.log.sqlite.SqliteLogStore;
import dev.rouse.log.sqlite.SqliteSettings;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.Event;
import dev.rouse.session.EventCodec;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.Phase;
import dev.rouse.session.SessionState;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.StopReason;
import dev.rouse.session.UserEvent;
import dev.rouse.session.portable.LogCheck;
import dev.rouse.session.protocol.BrainProtocol.Code;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs that begin with another one's records. */
class CopyTest extends SessionLogFixture {

  private static final Source IMPORT = new Source(Source.Kind.IMPORT, "team-a", "old");
  private static final Source FORK = new Source(Source.Kind.FORK, "team-a", "old");

  private final LogKey copyKey = Given.key("team-b");
  private final SessionLogs elsewhere = logs(new InMemoryLogStore());
  private final SessionLog copy = elsewhere.of(copyKey);

  private static SessionLogs logs(LogStore store) {
    return new SessionLogs(
        store,
        LogSettings.DEFAULTS,
        Clock.fixed(NOW.plusSeconds(3600), ZoneOffset.UTC),
        Ids.from(new Random(2)));
  }

  /** A turn with every kind of call, an answer in between, a queue, and an end. */
  private List<LogRecord> richHistory() {
    AgentEvent.ToolUse ran = Given.bash("ls");
    AgentEvent.ToolUse asked = Given.askedBash("rm");
    AgentEvent.CustomToolUse custom = Given.custom("weather");
    runningWith(ran, asked, custom);
    commit("brain", 1, new InternalEvent.Dispatched("sevt_dispatched", ran.id(), "hands-1"));
    receive(Given.message("in between"));
    commit("brain", 1, Given.result(ran.id(), "a file"));
    commit("brain", 1, idle(StopReason.requiresAction(List.of(asked.id(), custom.id()))));
    receive(Given.confirmation(asked.id(), "allow"));
    receive(Given.customResult(custom.id(), "rain"));
    int epoch = wake("brain-2");
    commit("brain-2", epoch, new InternalEvent.Dispatched("sevt_again", asked.id(), "hands-1"));
    commit("brain-2", epoch, Given.result(asked.id(), "gone"));
    SpanEvent.ModelRequestStart start = Given.modelStart();
    UserEvent queued = (UserEvent) log.state().queued().values().iterator().next();
    commit("brain-2", epoch, queued, start);
    List<Event> last = new ArrayList<>(List.of(Given.answer("done"), Given.modelEnd(start)));
    last.addAll(Given.idle(StopReason.END_TURN));
    accepted(commit("brain-2", epoch, last.toArray(Event[]::new)));
    log.end("alice");
    return log.read(0, ALL).toList();
  }

  private SessionLog fork(List<LogRecord> records, long at) {
    SessionLog fork = elsewhere.of(Given.key("team-b"));
    accepted(fork.copy().append(null, records.subList(0, (int) at + 1)));
    accepted(fork.copy().settle(null, FORK, at));
    return fork;
  }

  @Test
  void aForkAtAnyRecordRestsWithNothingOpenAndTakesAMessage() {
    // Given
    List<LogRecord> records = richHistory();
    List<String> wrong = new ArrayList<>();
    // When
    IntStream.range(0, records.size())
        .forEach(at -> {
          SessionLog fork = fork(records, at);
          SessionState rests = fork.state();
          if (rests.phase() != Phase.IDLE || rests.isTurnOpen() || !rests.queued().isEmpty()) {
            wrong.add(at + " rests as " + rests);
          }
          AppendAnswer answer = fork.receive("in", "alice", List.of(Given.message("go on")));
          SessionState runs = fork.state();
          if (!(answer instanceof Accepted) || runs.phase() != Phase.RUNNING) {
            wrong.add(at + " takes no message: " + answer);
          }
          if (!runs.openToolUses().isEmpty() || runs.queued().size() != 1) {
            wrong.add(at + " would do more than answer");
          }
          if (!(fork.wake("new-brain", "test", Set.of()) instanceof WakeAnswer.Granted)) {
            wrong.add(at + " cannot be woken");
          }
        });
    // Then
    assertThat(records).hasSizeGreaterThan(30);
    assertThat(wrong).isEmpty();
  }

  @Test
  void aForkAtAnyRecordIsALogThatCanBeCopiedAgain() {
    // Given
    List<LogRecord> records = richHistory();
    // When
    // Then
    for (int at = 0; at < records.size(); at++) {
      LogCheck check = new LogCheck();
      List<LogRecord> fork = fork(records, at).read(0, ALL).toList();
      assertThat(fork.subList(0, at + 1)).isEqualTo(records.subList(0, at + 1));
      assertThatCode(
              () -> {
                for (LogRecord record : fork) {
                  check.next(record);
                }
              })
          .as("fork at " + at)
          .doesNotThrowAnyException();
    }
  }

  @Test
  void whatMayHaveRunIsSaidAndNeverRunAgain() {
    // Given a call that is with the hands, and one that is not
    AgentEvent.ToolUse sent = Given.bash("make");
    AgentEvent.ToolUse unsent = Given.bash("make test");
    runningWith(sent, unsent);
    commit("brain", 1, new InternalEvent.Dispatched("sevt_dispatched", sent.id(), "hands-1"));
    List<LogRecord> records = log.read(0, ALL).toList();
    // When
    accepted(copy.copy().append(null, records));
    accepted(copy.copy().settle(null, IMPORT, records.getLast().seq()));
    // Then
    List<String> results =
        copy.state().transcript().stream()
            .filter(AgentEvent.ToolResult.class::isInstance)
            .map(event -> EventCodec.toJson(event).path("content").toString())
            .toList();
    assertThat(results).hasSize(2);
    assertThat(results.getFirst()).contains("unknown, it may have run");
    assertThat(results.getLast()).contains("was not run");
    assertThat(copy.state().phase()).isEqualTo(Phase.IDLE);
  }

  @Test
  void anImportThatWaitsGoesOnWaiting() {
    // Given
    AgentEvent.ToolUse asked = Given.askedBash("rm");
    runningWith(asked);
    commit("brain", 1, idle(StopReason.requiresAction(List.of(asked.id()))));
    List<LogRecord> records = log.read(0, ALL).toList();
    accepted(copy.copy().append(null, records));
    accepted(copy.copy().settle(null, IMPORT, records.getLast().seq()));
    // When
    AppendAnswer answer =
        copy.receive("in", "alice", List.of(Given.confirmation(asked.id(), "allow")));
    // Then
    accepted(answer);
    assertThat(copy.state().phase()).isEqualTo(Phase.RUNNING);
    assertThat(copy.state().openToolUses().get(asked.id()).isExecutable()).isTrue();
    assertThat(copy.read(records.size(), ALL).findFirst().orElseThrow().event())
        .isInstanceOf(InternalEvent.Origin.class);
  }

  @Test
  void halfACopyIsNoLog() throws Exception {
    // Given
    receive(Given.message("go"));
    List<LogRecord> records = log.read(0, ALL).toList();
    // When
    accepted(copy.copy().append(null, records));
    // Then
    assertThat(copy.state().exists()).isFalse();
    assertThat(copy.cachedState().exists()).isFalse();
    assertThat(copy.read(0, ALL)).isEmpty();
    assertThat(copy.follow(0).next(java.time.Duration.ofMillis(1))).isEmpty();
    assertThat(refused(copy.receive("in", "alice", List.of(Given.message("x")))))
        .isEqualTo(Code.UNAVAILABLE);
    assertThat(copy.wake("pod", "test", Set.of())).isInstanceOf(WakeAnswer.Refused.class);
    assertThat(refused(copy.create(Given.created(copyKey), List.of()))).isEqualTo(Code.UNAVAILABLE);
    assertThat(copy.copy().state().head()).isEqualTo(records.getLast().seq());
  }

  @Test
  void aCopyIsWholeOnlyWithEveryRecord() {
    // Given
    receive(Given.message("go"));
    List<LogRecord> records = log.read(0, ALL).toList();
    accepted(copy.copy().append(null, records.subList(0, 2)));
    // When
    AppendAnswer answer = copy.copy().settle(null, IMPORT, records.getLast().seq());
    // Then
    assertThat(refused(answer)).isEqualTo(Code.CONFLICT);
    assertThat(copy.state().exists()).isFalse();
  }

  @Test
  void whatStandsIsComparedAndTheRestIsTaken() {
    // Given
    receive(Given.message("go"));
    List<LogRecord> records = log.read(0, ALL).toList();
    accepted(copy.copy().append(null, records.subList(0, 2)));
    // When
    AppendAnswer again = copy.copy().append(null, records);
    // Then
    accepted(again);
    assertThat(copy.copy().state().head()).isEqualTo(records.getLast().seq());
    accepted(copy.copy().settle(null, IMPORT, records.getLast().seq()));
    assertThat(copy.read(0, records.size()).toList()).isEqualTo(records);
  }

  @Test
  void otherRecordsThanThoseThatStandAreRefused() {
    // Given
    SessionLog other = logs(new InMemoryLogStore()).of(key);
    other.create(Given.created(key), List.of(Given.message("other")));
    accepted(copy.copy().append(null, other.read(0, ALL).toList()));
    receive(Given.message("go"));
    // When
    AppendAnswer answer = copy.copy().append(null, log.read(0, 2).toList());
    // Then
    assertThat(refused(answer)).isEqualTo(Code.CONFLICT);
  }

  @Test
  void aRecordThatWouldMakeTheCopyWholeByItselfIsRefused() {
    // Given
    LogRecord first = LogRecord.of(0, NOW, 0, Given.created(copyKey));
    LogRecord other = LogRecord.of(0, NOW, 0, Given.message("no record 0"));
    // When
    AppendAnswer itself = copy.copy().append(null, List.of(first));
    AppendAnswer headless = copy.copy().append(null, List.of(other));
    // Then
    assertThat(refused(itself)).isEqualTo(Code.INVALID);
    assertThat(refused(headless)).isEqualTo(Code.INVALID);
    assertThat(copy.copy().state().exists()).isFalse();
  }

  @Test
  void theOldBrainIsNobodyInTheCopy() {
    // Given
    runningWith();
    List<LogRecord> records = log.read(0, ALL).toList();
    accepted(copy.copy().append(null, records));
    accepted(copy.copy().settle(null, IMPORT, records.getLast().seq()));
    // When
    AppendAnswer answer =
        copy.appendAsBrain(
            "brain",
            new dev.rouse.session.protocol.BrainProtocol.CommitRequest(
                "late", 1, List.of(Given.answer("late")), null));
    // Then
    assertThat(refused(answer)).isEqualTo(Code.FENCED);
  }

  @Test
  void aMovedLogTakesNothingAndSaysWhereItIs() {
    // Given
    ObjectNode target =
        JsonNodeFactory.instance.objectNode().put("namespace", "team-b").put("name", "there");
    accepted(log.copy().moveTo("alice", target, 0));
    // When
    AppendAnswer answer = otherServer.receive("in", "alice", List.of(Given.message("go")));
    // Then
    assertThat(refused(answer)).isEqualTo(Code.GONE);
    assertThat(((AppendAnswer.Refused) answer).refusal().message())
        .contains("was moved to session team-b/there");
    accepted(otherServer.copy().moveTo("alice", target, 0));
    assertThat(types()).containsExactly("rouse.created", "rouse.moved");
    assertThat(refused(log.copy().moveTo("alice", target.deepCopy().put("name", "else"), 0)))
        .isEqualTo(Code.GONE);
  }

  @Test
  void aLogThatHasGoneOnIsNotMovedWithoutTheRest() {
    // Given
    ObjectNode target = JsonNodeFactory.instance.objectNode().put("name", "there");
    log.update("alice", () -> new Description("New", java.util.Map.of()), null);
    // When
    AppendAnswer answer = log.copy().moveTo("alice", target, 0);
    // Then
    assertThat(refused(answer)).isEqualTo(Code.CONFLICT);
  }

  @Test
  void aLogThatWorksIsNotMoved() {
    // Given
    receive(Given.message("go"));
    long head = log.state().head();
    // When
    AppendAnswer answer =
        log.copy().moveTo("alice", JsonNodeFactory.instance.objectNode().put("name", "x"), head);
    // Then
    assertThat(refused(answer)).isEqualTo(Code.INVALID);
  }

  @Test
  void anotherStoreGivesBackTheSameRecords(@TempDir Path directory) throws Exception {
    // Given a log in memory, copied into a database
    List<LogRecord> records = richHistory();
    try (SqliteLogStore store = SqliteLogStore.open(SqliteSettings.in(directory), _ -> {})) {
      SessionLog there = logs(store).of(copyKey);
      for (int from = 0; from < records.size(); from += 7) {
        accepted(
            there.copy().append("a", records.subList(from, Math.min(from + 7, records.size()))));
      }
      accepted(there.copy().settle("a", IMPORT, records.getLast().seq()));
      // When
      List<LogRecord> back = there.read(0, ALL).toList();
      // Then
      assertThat(back.subList(0, records.size())).isEqualTo(records);
      assertThat(back.subList(records.size(), back.size()))
          .singleElement()
          .satisfies(last -> assertThat(last.event()).isInstanceOf(InternalEvent.Origin.class));
    }
  }
}
