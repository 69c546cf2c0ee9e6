package dev.rouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ls",
        "get",
        "watch",
        "send",
        "approve",
        "deny",
        "interrupt",
        "key",
        "key create",
        "key list",
        "key revoke"
      })
  void every_help_has_examples_that_can_be_parsed(String command) {
    // Given
    String[] args = (command + " --help").strip().split(" ", -1);
    // When
    int code = execute(args);
    // Then
    assertThat(code).isZero();
    assertThat(out.toString()).contains("Examples:").contains("kubectl rouse " + command);
  }

  @Test
  void a_missing_server_is_a_sentence_that_says_what_to_give() {
    // Given
    String[] args = {"watch", "some-session", "--kubeconfig", "/does/not/exist"};
    // When
    int code = execute(args);
    // Then
    assertThat(code).isEqualTo(CommandLine.ExitCode.SOFTWARE);
    assertThat(err.toString()).startsWith("error: ").contains("/does/not/exist");
    assertThat(err.toString().lines()).hasSize(1);
  }

  @Test
  void a_wrong_option_is_wrong_usage() {
    // Given
    String[] args = {"watch", "some-session", "--colour=mauve"};
    // When
    int code = execute(args);
    // Then
    assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("--colour=mauve");
  }

  private int execute(String... args) {
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }
}
