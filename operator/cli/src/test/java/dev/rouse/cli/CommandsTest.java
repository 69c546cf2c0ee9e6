package dev.rouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Session;
import org.junit.jupiter.api.Test;

/** Whole commands about sessions. */
class CommandsTest extends CommandFixture {

  @Test
  void send_puts_a_message_on_record_as_the_account_and_in_the_sessions_workspace() {
    // When
    int code = call("send", "fix", "go on");
    // Then
    assertThat(code).as(err.toString()).isZero();
    assertThat(server.sent).hasSize(1);
    StandInServer.Sent sent = server.sent.getFirst();
    assertThat(sent.authorization()).isEqualTo("Bearer short-lived");
    assertThat(sent.workspace()).isEqualTo("team-a");
    assertThat(sent.events().toString())
        .isEqualTo(
            "[{\"type\":\"user.message\",\"content\":[{\"type\":\"text\",\"text\":\"go on\"}]}]");
    assertThat(err.toString()).contains("sevt_1");
  }

  @Test
  void a_lost_answer_is_asked_for_again_with_the_same_key() {
    // Given
    server.loseAnswers(2);
    // When
    int code = call("send", "fix", "go on");
    // Then
    assertThat(code).as(err.toString()).isZero();
    assertThat(server.sent)
        .hasSize(3)
        .extracting(StandInServer.Sent::key)
        .containsOnly(server.sent.getFirst().key());
    assertThat(server.effects()).isEqualTo(1);
  }

  @Test
  void an_id_of_the_users_own_is_the_key() {
    // When
    call("send", "fix", "--id", "build-4711", "go on");
    // Then
    assertThat(server.sent).extracting(StandInServer.Sent::key).containsExactly("build-4711");
  }

  @Test
  void a_server_that_does_not_know_the_call_is_quoted_and_not_asked_again() {
    // Given
    server.refuse(501, "not available yet: sending events");
    // When
    int code = call("interrupt", "fix");
    // Then
    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo("error: the server answered 501: not available yet: sending events\n");
  }

  @Test
  void interrupt_says_that_it_did() {
    // When
    int code = call("interrupt", "fix");
    // Then
    assertThat(code).as(err.toString()).isZero();
    assertThat(server.sent.getFirst().events().toString())
        .isEqualTo("[{\"type\":\"user.interrupt\"}]");
    assertThat(out.toString()).isEqualTo("interrupted\n");
  }

  @Test
  void approve_shows_the_call_and_then_answers_it() throws Exception {
    // Given
    asks("sevt_9", "deploy");
    // When
    int code = call("approve", "fix");
    // Then
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString()).isEqualTo("sevt_9  bash\n  command:\n    deploy\napproved\n");
    assertThat(server.sent.getFirst().events().toString())
        .isEqualTo(
            "[{\"type\":\"user.tool_confirmation\",\"tool_use_id\":\"sevt_9\",\"result\":\"allow\"}]");
  }

  @Test
  void approve_of_several_lists_them_and_sends_nothing() throws Exception {
    // Given
    asks("sevt_8", "build");
    asks("sevt_9", "deploy");
    // When
    int code = call("approve", "fix");
    // Then
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("sevt_8  bash  build", "sevt_9  bash  deploy", "--all");
    assertThat(server.sent).isEmpty();
  }

  @Test
  void approve_all_answers_them_in_one_request() throws Exception {
    // Given
    asks("sevt_8", "build");
    asks("sevt_9", "deploy");
    // When
    int code = call("approve", "fix", "--all");
    // Then
    assertThat(code).as(err.toString()).isZero();
    assertThat(server.sent).singleElement().satisfies(sent -> assertThat(sent.events()).hasSize(2));
  }

  @Test
  void deny_tells_the_agent_why() throws Exception {
    // Given
    asks("sevt_9", "deploy");
    // When
    int code = call("deny", "fix", "sevt_9", "--message", "not today");
    // Then
    assertThat(code).as(err.toString()).isZero();
    assertThat(server.sent.getFirst().events().toString())
        .contains("\"result\":\"deny\"", "\"deny_message\":\"not today\"");
  }

  private void asks(String id, String command) throws Exception {
    server.add(
        """
        {"type":"agent.tool_use","id":"%s","name":"bash","evaluated_permission":"ask",
         "input":{"command":"%s"},"processed_at":"2026-01-01T00:00:00Z"}
        """
            .formatted(id, command));
  }

  @Test
  void via_spec_still_adds_an_entry() {
    // When
    int code = run("send", "fix", "--via-spec", "--id", "m-1", "go on");
    // Then
    assertThat(code).as(err.toString()).isZero();
    Session session = client.resources(Session.class).inNamespace("team-a").withName("fix").get();
    assertThat(session.getSpec().messages()).extracting("id").containsExactly("m-1");
    assertThat(server.sent).isEmpty();
  }

  @Test
  void without_a_server_anywhere_the_error_says_where_it_was_looked_for() {
    // When
    int code = run("watch", "fix", "--as-sa=me", "--rouse-namespace=elsewhere");
    // Then
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).startsWith("error: ");
  }

  @Test
  void ls_lists_the_sessions_of_the_namespace() {
    // When
    int code = run("ls");
    // Then
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString()).contains("NAME", "fix", "coder", "Pending");
  }

  @Test
  void answer_gives_the_result_of_the_one_tool_that_waits() throws Exception {
    // Given
    weather("sevt_7", "Oslo");
    // When
    int code = call("answer", "fix", "snow, -4 degrees");
    // Then
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString()).contains("sevt_7  get_weather", "answered");
    assertThat(server.sent.getFirst().events().toString())
        .contains("\"type\":\"user.custom_tool_result\"", "\"custom_tool_use_id\":\"sevt_7\"")
        .contains("snow, -4 degrees", "\"is_error\":false");
  }

  @Test
  void answer_of_several_wants_one_named_and_may_say_that_the_tool_failed() throws Exception {
    // Given
    weather("sevt_7", "Oslo");
    weather("sevt_8", "Atlantis");
    // When
    int unnamed = call("answer", "fix", "no such city");
    int named = call("answer", "fix", "--call", "sevt_8", "--error", "no such city");
    // Then
    assertThat(unnamed).isEqualTo(1);
    assertThat(err.toString()).contains("--call", "sevt_7", "Atlantis");
    assertThat(named).isZero();
    assertThat(server.sent).hasSize(1);
    assertThat(server.sent.getFirst().events().toString())
        .contains("\"custom_tool_use_id\":\"sevt_8\"", "\"is_error\":true");
  }

  private void weather(String id, String city) throws Exception {
    server.add(
        """
        {"type":"agent.custom_tool_use","id":"%s","name":"get_weather",
         "input":{"city":"%s"},"processed_at":"2026-01-01T00:00:00Z"}
        """
            .formatted(id, city));
  }
}
