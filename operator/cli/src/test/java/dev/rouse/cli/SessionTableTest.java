package dev.rouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Session;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionTableTest {

  private static final Instant NOW = Instant.parse("2026-03-04T05:00:00Z");

  private final StringWriter shown = new StringWriter();
  private final PrintWriter out = new PrintWriter(shown, true);

  private static Session session(String name, String created, String status) {
    return Serialization.unmarshal(
        """
        metadata: {name: %s, namespace: team-a, creationTimestamp: "%s"}
        spec: {agentRef: {name: coder}, environmentRef: {name: e}}
        status: %s
        """
            .formatted(name, created, status),
        Session.class);
  }

  private List<String> lines(Session... sessions) {
    new SessionTable(out, NOW, false).print(List.of(sessions));
    return shown.toString().lines().toList();
  }

  @Test
  void who_waits_for_a_person_comes_first_then_who_runs_then_the_rest_by_name() {
    // Given
    Session ended = session("a-ended", NOW.toString(), "{phase: Terminated}");
    Session idle = session("b-idle", NOW.toString(), "{phase: Idle, stopReason: end_turn}");
    Session seen = session("c-new", NOW.toString(), "null");
    Session running = session("d-running", NOW.toString(), "{phase: Running}");
    Session asking =
        session(
            "e-asking",
            NOW.toString(),
            "{phase: Idle, stopReason: requires_action, pendingActionCount: 2,"
                + " pendingActions: [{id: x, name: bash}, {id: y, name: bash}]}");
    // When
    List<String> lines = lines(ended, idle, seen, running, asking);
    // Then
    assertThat(lines.get(0)).contains("NAME", "NEEDS");
    assertThat(lines.get(1)).startsWith("e-asking ").endsWith("2 answers: bash");
    assertThat(lines.get(2)).startsWith("d-running ").endsWith("0m");
    assertThat(lines.get(3)).startsWith("b-idle ");
    assertThat(lines.get(4)).startsWith("c-new ").contains("Pending");
    assertThat(lines.get(5)).startsWith("a-ended ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {stopReason: retries_exhausted} | gave up
          {stopReason: budget_reached}    | budget
          {stopReason: requires_action, pendingActionCount: 1} | 1 answer
          {conditions: [{type: Stalled, status: "True", message: "set the key"}]} | set the key
          {conditions: [{type: LogFull, status: "True", message: "make room"}]}   | make room
          """)
  void each_need_is_said_in_words(String status, String need) {
    // Given
    Session session = session("s", NOW.toString(), status);
    // When
    String said = Need.of(session).orElseThrow();
    // Then
    assertThat(said).contains(need);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-03-04T04:59:30Z, 0m",
    "2026-03-04T03:30:00Z, 90m",
    "2026-03-03T05:00:00Z, 24h",
    "2026-02-20T05:00:00Z, 12d"
  })
  void ages_are_short(String created, String age) {
    // Given
    Session session = session("s", created, "{phase: Idle}");
    // When
    List<String> lines = lines(session);
    // Then
    assertThat(lines.get(1)).endsWith(" " + age);
  }

  @Test
  void nothing_is_said_to_be_nothing() {
    assertThat(lines()).containsExactly("No sessions in this namespace.");
  }
}
