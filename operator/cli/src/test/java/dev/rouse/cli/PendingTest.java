package dev.rouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.cli.Pending.Awaits;
import dev.rouse.session.EventCodec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingTest {

  private final List<JsonNode> history = new ArrayList<>();

  private void add(String json) throws Exception {
    history.add(EventCodec.JSON.readTree(json));
  }

  private void call(String id, String permission, String command) throws Exception {
    add(
        """
        {"type":"agent.tool_use","id":"%s","name":"bash","evaluated_permission":"%s",
         "input":{"command":"%s"}}
        """
            .formatted(id, permission, command));
  }

  @Test
  void one_that_waits_is_meant_without_being_named() throws Exception {
    // Given
    call("sevt_1", "allow", "ls");
    call("sevt_2", "ask", "rm -r build");
    // When
    List<JsonNode> chosen = Pending.of(Awaits.APPROVAL, history).chosen(List.of(), false, "fix");
    // Then
    assertThat(chosen).containsExactly(history.get(1));
    assertThat(Pending.describe(chosen.getFirst())).isEqualTo("sevt_2  bash  rm -r build");
  }

  @Test
  void of_several_none_is_guessed() throws Exception {
    // Given
    call("sevt_1", "ask", "first");
    call("sevt_2", "ask", "second");
    Pending pending = Pending.of(Awaits.APPROVAL, history);
    // When
    // Then
    assertThatThrownBy(() -> pending.chosen(List.of(), false, "fix"))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("--all")
        .hasMessageContaining("sevt_1  bash  first")
        .hasMessageContaining("sevt_2  bash  second");
    assertThat(pending.chosen(List.of(), true, "fix")).hasSize(2);
    assertThat(pending.chosen(List.of("sevt_2"), false, "fix")).containsExactly(history.get(1));
  }

  @Test
  void what_was_answered_or_has_a_result_waits_no_more() throws Exception {
    // Given
    call("sevt_1", "ask", "first");
    call("sevt_2", "ask", "second");
    call("sevt_3", "ask", "third");
    add("{\"type\":\"user.tool_confirmation\",\"tool_use_id\":\"sevt_1\",\"result\":\"allow\"}");
    add("{\"type\":\"agent.tool_result\",\"tool_use_id\":\"sevt_2\"}");
    // When
    Pending pending = Pending.of(Awaits.APPROVAL, history);
    // Then
    assertThat(pending.open()).containsExactly(history.get(2));
  }

  @Test
  void an_answered_call_may_be_named_again_so_that_a_repetition_is_no_error() throws Exception {
    // Given
    call("sevt_1", "ask", "first");
    add("{\"type\":\"user.tool_confirmation\",\"tool_use_id\":\"sevt_1\",\"result\":\"allow\"}");
    // When
    List<JsonNode> chosen =
        Pending.of(Awaits.APPROVAL, history).chosen(List.of("sevt_1"), false, "fix");
    // Then
    assertThat(chosen).hasSize(1);
  }

  @Test
  void a_call_that_does_not_ask_cannot_be_answered() throws Exception {
    // Given
    call("sevt_1", "allow", "ls");
    Pending pending = Pending.of(Awaits.APPROVAL, history);
    // When
    // Then
    assertThatThrownBy(() -> pending.chosen(List.of("sevt_1"), false, "fix"))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("sevt_1")
        .hasMessageContaining("none waits");
    assertThatThrownBy(() -> pending.chosen(List.of(), true, "fix"))
        .hasMessageContaining("nothing in session fix waits");
  }

  @Test
  void a_long_input_is_cut_to_a_line() throws Exception {
    // Given
    call("sevt_1", "ask", "a\\n".repeat(300));
    // When
    String line = Pending.describe(history.getFirst());
    // Then
    assertThat(line).hasSizeLessThan(260).endsWith(" …").doesNotContain("\n");
  }

  @Test
  void a_tool_of_the_clients_own_waits_for_a_result_and_for_no_approval() throws Exception {
    // Given
    call("sevt_1", "ask", "first");
    add("{\"type\":\"agent.custom_tool_use\",\"id\":\"sevt_2\",\"name\":\"get_weather\"}");
    add("{\"type\":\"agent.custom_tool_use\",\"id\":\"sevt_3\",\"name\":\"get_weather\"}");
    add("{\"type\":\"user.custom_tool_result\",\"custom_tool_use_id\":\"sevt_2\"}");
    // When
    Pending pending = Pending.of(Awaits.RESULT, history);
    // Then
    assertThat(pending.open()).containsExactly(history.get(2));
    assertThat(Pending.of(Awaits.APPROVAL, history).open()).containsExactly(history.get(0));
    assertThatThrownBy(() -> pending.chosen(List.of("sevt_1"), false, "fix"))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("no call sevt_1 of a tool of yours")
        .hasMessageContaining("sevt_3  get_weather");
  }

  @Test
  void who_decides_sees_every_field_to_its_end_and_nothing_that_steers_the_terminal()
      throws Exception {
    // Given
    String content = "x".repeat(500) + "\\u001b[2K";
    add(
        """
        {"type":"agent.tool_use","id":"sevt_1","name":"write","evaluated_permission":"ask",
         "input":{"file_path":"a.sh","content":"%s","mode":7}}
        """
            .formatted(content));
    // When
    String shown = Pending.whole(history.getFirst());
    // Then
    assertThat(shown)
        .startsWith("sevt_1  write\n")
        .contains("file_path:\n    a.sh", "x".repeat(500) + "\\u001b[2K", "mode:\n    7")
        .doesNotContain("\u001b");
  }
}
