package dev.rouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What updates and the end of a session make of its state. */
class FoldUpdatesTest {

  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  /** One record every ten seconds, behind record 0. */
  private static SessionState after(Event... events) {
    InternalEvent.Created created = Samples.full(InternalEvent.Created.class);
    List<LogRecord> records =
        IntStream.rangeClosed(0, events.length)
            .mapToObj(i ->
                LogRecord.of(i, START.plusSeconds(10L * i), 0, i == 0 ? created : events[i - 1]))
            .toList();
    return Fold.of(records);
  }

  private static SessionEvent.Updated agent(JsonNode agent) {
    return new SessionEvent.Updated("u", agent, null, null, null);
  }

  @Tag("contract-session-snapshot")
  @Test
  void theLastAgentIsInForceAndRecordZeroStays() {
    // Given
    AgentSnapshot first = Samples.full(InternalEvent.Created.class).agent();
    JsonNode second =
        EventCodec.JSON
            .<com.fasterxml.jackson.databind.node.ObjectNode>valueToTree(first)
            .put("system", "Be brief.")
            .putNull("multiagent");
    // When
    SessionState state = after(agent(second));
    // Then
    assertThat(Objects.requireNonNull(state.agent()).system()).isEqualTo("Be brief.");
    assertThat(Objects.requireNonNull(state.created()).agent()).isEqualTo(first);
  }

  @Test
  void anAgentThatCannotBeReadStopsTheWork() {
    // When
    SessionState state = after(agent(EventCodec.JSON.createArrayNode()));
    // Then
    assertThat(state.unreadable()).contains("session.updated");
  }

  @Test
  void aDescriptionReplacesTheWholeOfBoth() {
    // When
    SessionState state = after(new InternalEvent.Described("d", null, Map.of("a", "1")));
    // Then
    assertThat(state.title()).isNull();
    assertThat(state.metadata()).isEqualTo(Map.of("a", "1"));
  }

  @Test
  void onlyTheTimeAtWorkCounts() {
    // When: 20 s at work, 10 s at rest
    SessionState state =
        after(
            new SessionEvent.StatusRunning("a"),
            new AgentEvent.Thinking("b"),
            new SessionEvent.StatusIdle("c", StopReason.END_TURN, null),
            new SessionEvent.StatusTerminated("d"));
    // Then
    assertThat(state.active()).isEqualTo(Duration.ofSeconds(20));
    assertThat(state.terminatedAt()).isEqualTo(START.plusSeconds(40));
  }
}
