package dev.rouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Session;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class GetCommandTest {

  private final StringWriter shown = new StringWriter();
  private final PrintWriter out = new PrintWriter(shown, true);

  @Test
  void says_where_a_session_stands_and_why() {
    // Given
    Session session =
        session(
            """
            metadata: {name: fix, uid: 0b0b0b0b-0000-0000-0000-000000000001}
            spec: {agentRef: {name: coder}, environmentRef: {name: default}}
            status:
              phase: Idle
              stopReason: end_turn
              agentVersion: 3
              log: {head: 41, tail: ["user: hi", "agent: done"]}
              conditions:
                - {type: Ready, status: "False", reason: AgentMissing, message: 'Agent "coder" is missing'}
                - {type: Stalled, status: "False", reason: Fine, message: not shown}
            """);
    // When
    GetCommand.describe(out, session);
    // Then
    assertThat(shown.toString())
        .contains("coder v3", "Idle, end_turn", "41", "agent: done", "Agent \"coder\" is missing")
        .doesNotContain("not shown");
  }

  private static Session session(String yaml) {
    return Serialization.unmarshal(yaml, Session.class);
  }
}
