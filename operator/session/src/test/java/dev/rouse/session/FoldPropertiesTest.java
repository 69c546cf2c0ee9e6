package dev.rouse.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What holds of the fold for every log. */
class FoldPropertiesTest {

  /** Events that refer to each other by few ids, so that they meet. */
  @Provide
  Arbitrary<List<Event>> logs() {
    Arbitrary<String> id = Arbitraries.of("a", "b", "c", "d");
    Arbitrary<Event> event =
        Arbitraries.oneOf(
            id.map(i -> new UserEvent.Message(i, List.of(ContentBlock.text("m" + i)))),
            id.map(i ->
                new InternalEvent.Received(
                    "r" + i, new UserEvent.Message(i, List.of(ContentBlock.text("m" + i))))),
            id.map(
                i -> new InternalEvent.Received("s" + i, new UserEvent.Interrupt("i" + i, null))),
            id.map(i -> new UserEvent.Interrupt("i" + i, null)),
            id.map(i -> new AgentEvent.Message("m" + i, List.of(ContentBlock.text("x")))),
            id.flatMap(i ->
                Arbitraries.of("allow", "ask", "deny")
                    .map(permission ->
                        new AgentEvent.ToolUse(
                            "t" + i,
                            "bash",
                            EventCodec.JSON.createObjectNode(),
                            permission,
                            null,
                            null))),
            id.map(i ->
                new AgentEvent.CustomToolUse(
                    "t" + i, "ask", EventCodec.JSON.createObjectNode(), null)),
            id.map(i -> new AgentEvent.ToolResult("x" + i, "t" + i, null, null)),
            id.map(i -> new UserEvent.CustomToolResult("y" + i, "t" + i, null, null, null)),
            id.map(i -> new UserEvent.ToolConfirmation("z" + i, "t" + i, "allow", null, null)),
            id.map(i -> new InternalEvent.Dispatched("d" + i, "t" + i, "hands-" + i)),
            id.map(i -> new SpanEvent.ModelRequestStart("p" + i)),
            id.map(i ->
                new SpanEvent.ModelRequestEnd(
                    "q" + i, "p" + i, null, new ModelUsage(1, 2, 3, 4, Map.of()))),
            id.map(i -> new SessionEvent.StatusRunning("u" + i)),
            id.map(i -> new SessionEvent.StatusIdle("v" + i, StopReason.END_TURN, null)),
            id.map(i ->
                new SessionEvent.StatusIdle(
                    "w" + i, StopReason.requiresAction(List.of("t" + i)), null)),
            id.map(i -> new InternalEvent.Woken("k" + i, 1, "pod-" + i, "test")),
            id.map(i -> new InternalEvent.Compacted("n" + i, 2, "so far")));
    return event.list().ofMaxSize(60);
  }

  private static List<LogRecord> records(List<Event> events) {
    List<LogRecord> records = new ArrayList<>();
    for (Event event : events) {
      records.add(
          LogRecord.of(records.size(), Instant.EPOCH.plusSeconds(records.size()), 1, event));
    }
    return records;
  }

  @Property(tries = 300)
  void everyPrefixFoldedStepByStepIsThePrefixFoldedAnew(@ForAll("logs") List<Event> events) {
    List<LogRecord> records = records(events);
    Fold fold = new Fold();
    for (int n = 0; n < records.size(); n++) {
      fold.add(records.get(n));
      assertThat(fold.state()).isEqualTo(Fold.of(records.subList(0, n + 1)));
    }
  }

  @Property(tries = 300)
  void aCopyGoesItsOwnWay(@ForAll("logs") List<Event> events) {
    List<LogRecord> records = records(events);
    int half = records.size() / 2;
    Fold fold = new Fold();
    records.subList(0, half).forEach(fold::add);
    SessionState before = fold.state();
    Fold copy = fold.copy();
    records.subList(half, records.size()).forEach(copy::add);
    assertThat(fold.state()).isEqualTo(before).isEqualTo(Fold.of(records.subList(0, half)));
    assertThat(copy.state()).isEqualTo(Fold.of(records));
  }

  @Property(tries = 300)
  void whatIsOpenHasNoResultInTheTranscript(@ForAll("logs") List<Event> events) {
    SessionState state = Fold.of(records(events));
    for (String open : state.openToolUses().keySet()) {
      Event last = state.openToolUses().get(open).call();
      int call = state.transcript().lastIndexOf(last);
      assertThat(state.transcript().subList(call + 1, state.transcript().size()))
          .noneMatch(e -> e instanceof AgentEvent.ToolResult r && r.toolUseId().equals(open));
    }
    assertThat(state.openToolUses().keySet()).containsAll(state.awaited());
  }

  @Property(tries = 300)
  void aCompactionHidesNothingThatWaits(@ForAll("logs") List<Event> events) {
    List<LogRecord> records =
        records(events.stream().filter(e -> !(e instanceof InternalEvent.Compacted)).toList());
    SessionState before = Fold.of(records);
    SessionState.Past past = before.past();
    List<LogRecord> compacted = new ArrayList<>(records);
    compacted.add(
        LogRecord.of(
            records.size(),
            Instant.EPOCH,
            1,
            new InternalEvent.Compacted("c", past.throughSeq(), "so far")));
    SessionState after = Fold.of(compacted);
    assertThat(after.isAnswerDue()).isEqualTo(before.isAnswerDue());
    assertThat(after.transcript())
        .isEqualTo(before.transcript().subList(past.entries(), before.transcript().size()))
        .containsAll(before.openToolUses().values().stream().map(ToolUse::call).toList());
    assertThat(after.past().entries()).as("nothing is left to compact").isZero();
  }

  @Property(tries = 300)
  void whatIsProcessedIsNotQueued(@ForAll("logs") List<Event> events) {
    SessionState state = Fold.of(records(events));
    for (String queued : state.queued().keySet()) {
      int received = lastIndex(events, "r" + queued, queued);
      assertThat(events.subList(received + 1, events.size()))
          .noneMatch(event -> event.id().equals(queued));
    }
  }

  private static int lastIndex(List<Event> events, String one, String other) {
    for (int i = events.size() - 1; i >= 0; i--) {
      if (events.get(i) instanceof InternalEvent.Received r
          && (r.id().equals(one) || r.event().id().equals(other))) {
        return i;
      }
    }
    throw new AssertionError("queued without being received: " + other);
  }

  @Test
  void aGapIsRefused() {
    // Given
    Fold fold = new Fold();
    SessionEvent.StatusRunning running = new SessionEvent.StatusRunning("a");

    // When
    assertThatThrownBy(() -> fold.add(LogRecord.of(1, Instant.EPOCH, 0, running)))
        // Then
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("record 1 cannot follow record -1");
  }

  @Test
  void theTenThousandthRecordCostsWhatTheFirstOnesDid() {
    // Given
    Fold fold = new Fold();
    long[] nanos = new long[40];

    // When
    for (int chunk = 0; chunk < nanos.length; chunk++) {
      long began = System.nanoTime();
      for (int i = 0; i < 5000; i++) {
        int seq = chunk * 5000 + i;
        fold.add(
            LogRecord.of(
                seq,
                Instant.EPOCH,
                1,
                new AgentEvent.Message("m" + seq, List.of(ContentBlock.text("x")))));
      }
      nanos[chunk] = System.nanoTime() - began;
    }

    // Then
    long early = median(nanos, 10, 20);
    long late = median(nanos, 30, 40);
    assertThat(late).as("nanoseconds for 5,000 records, late against early").isLessThan(early * 10);
  }

  private static long median(long[] values, int from, int to) {
    long[] part = java.util.Arrays.copyOfRange(values, from, to);
    java.util.Arrays.sort(part);
    return part[part.length / 2];
  }
}
