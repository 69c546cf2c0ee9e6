package dev.rouse.hands.bash;

import static dev.rouse.hands.tool.Calls.textOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rouse.hands.tool.BadInputException;
import dev.rouse.hands.tool.Calls;
import dev.rouse.hands.tool.ToolCall;
import dev.rouse.hands.tool.ToolResult;
import dev.rouse.hands.tool.Workspace;
import dev.rouse.session.Ids;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real bash. */
@Timeout(60)
class BashToolTest {

  private final Calls calls = new Calls();

  @TempDir private Path directory;
  private Workspace workspace;
  private BashTool bash;

  @BeforeEach
  void open() throws Exception {
    workspace = Workspace.open(directory);
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("ROUSE_TICKET_KEY", "hidden");
    environment.put("ANTHROPIC_API_KEY", "hidden");
    environment.put("ROUSE_POD", "seen");
    environment.put("OWN_SETTING", "seen");
    bash =
        new BashTool(
            workspace, environment, Ids.random(), "hands_" + Ids.random().next("test"), false);
  }

  @AfterEach
  void close() {
    bash.close();
  }

  @Test
  void keepsDirectoryVariablesAndFunctionsBetweenCommands() throws Exception {
    // Given
    run("mkdir sub && cd sub; X='a  b'; f() { echo \"f:$1\"; }; export Y=2");

    // When
    ToolResult result = run("pwd; echo \"$X\"; f 1; sh -c 'echo $Y'");

    // Then
    assertThat(textOf(result)).isEqualTo(workspace.root() + "/sub\na  b\nf:1\n2\n");
    assertThat(result.isError()).isFalse();
  }

  @Test
  void whatItStartsIsKilledFirstWhenMemoryRunsOut() throws Exception {
    // When
    ToolResult result = run("cat /proc/self/oom_score_adj");

    // Then
    assertThat(textOf(result)).isEqualTo("1000\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"kill -9 $BASHPID", "(kill -9 $BASHPID)"})
  void aFailureForWantOfMemorySaysSo(String death) throws Exception {
    // Given a kernel that counts a kill while the command runs
    Path events = Files.writeString(directory.resolve("memory.events"), "oom 1\noom_kill 1\n");
    OomKills kills = new OomKills(List.of(directory.resolve("not-here"), events));
    try (BashTool counted =
        new BashTool(
            workspace, System.getenv(), Ids.random(), "hands_" + death.length(), false, kills)) {
      // When
      ToolResult result =
          counted.run(calls.of("command", "echo oom_kill 2 >memory.events; " + death));

      // Then
      assertThat(result.isError()).isTrue();
      assertThat(textOf(result))
          .contains("137", "[the sandbox ran out of memory: 1 process was killed;");
    }
  }

  @Test
  void aFailureOfAnotherKindSaysNothingOfMemory() throws Exception {
    // When
    ToolResult result = run("false");

    // Then
    assertThat(textOf(result)).doesNotContain("memory");
  }

  @Test
  void mergesBothOutputsInOrder() throws Exception {
    // When
    ToolResult result = run("echo one; echo two >&2; echo three; sh -c 'echo four >&2'");

    // Then
    assertThat(textOf(result)).isEqualTo("one\ntwo\nthree\nfour\n");
  }

  @Test
  void anExitCodeIsAnErrorWithTheOutput() throws Exception {
    // When
    ToolResult result = run("printf partial; (exit 7)");

    // Then
    assertThat(result.isError()).isTrue();
    assertThat(textOf(result)).isEqualTo("partial\n[exit code 7]");
  }

  @Test
  void nothingIsSaidToBeNothing() throws Exception {
    assertThat(textOf(run("true"))).isEqualTo("(no output)");
  }

  @Test
  void aCommandThatReadsFindsTheEndOfInput() throws Exception {
    assertThat(textOf(run("cat; read -r x; echo \"[$x]\""))).isEqualTo("[]\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit 3", "exec sh -c 'exit 3'", "set -e; (exit 3); echo not here"})
  void aShellThatEndsIsReportedAndANewOneBegins(String command) throws Exception {
    // Given
    run("X=1; cd /");

    // When
    ToolResult ended = run("echo before; " + command);
    ToolResult next = run("echo x$X; pwd");

    // Then
    assertThat(ended.isError()).isTrue();
    assertThat(textOf(ended))
        .startsWith("before\n[the shell ended with exit code 3; a new one begins");
    assertThat(textOf(next)).isEqualTo("x\n" + workspace.root() + "\n");
  }

  @Test
  void aShellThatWasKilledBetweenCommandsIsReplacedWithANotice() throws Exception {
    // Given
    long pid = Long.parseLong(textOf(run("X=1; echo $$")).strip());
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    await("shell ends").until(() -> ProcessHandle.of(pid).isEmpty());

    // When
    ToolResult result = run("echo x$X");

    // Then
    assertThat(textOf(result)).startsWith("[new shell: ").endsWith("]\nx\n");
  }

  @Test
  void aTimeoutKillsEverythingThatTheShellStarted() throws Exception {
    // Given: a child, an orphan, and one in a session of its own
    ToolCall call =
        calls.of(
            "command",
            "echo begun; sleep 654 & (sleep 654 & ); setsid sleep 654 & sleep 654",
            "timeout_ms",
            700);

    // When
    ToolResult result = bash.run(call);
    ToolResult next = run("pgrep -c -x -f 'sleep 654'; pwd");

    // Then
    assertThat(result.isError()).isTrue();
    assertThat(textOf(result)).startsWith("begun\n[timed out after 700 ms; the shell was killed");
    assertThat(textOf(next)).startsWith("0\n");
  }

  @Test
  void theCallsOwnTimeoutIsTheUpperLimit() throws Exception {
    // When
    ToolResult result =
        bash.run(calls.of(Duration.ofMillis(300), "command", "sleep 60", "timeout_ms", 50_000));

    // Then
    assertThat(textOf(result)).contains("timed out after 300 ms");
  }

  @Test
  void aBackgroundProcessThatHoldsTheOutputDoesNotHoldTheCall() throws Exception {
    // When
    ToolResult first =
        run("(while [ ! -e go ]; do sleep 0.02; done; echo late; touch said) & echo now");
    Files.createFile(workspace.root().resolve("go"));
    await("background writes").until(() -> Files.exists(workspace.root().resolve("said")));
    ToolResult second = run("wait; echo next");

    // Then
    assertThat(textOf(first)).isEqualTo("now\n");
    assertThat(textOf(second)).isEqualTo("late\nnext\n");
  }

  @Test
  void outputBetweenCommandsNeverBlocksItsWriter() throws Exception {
    // Given
    run(
        "(while [ ! -e go ]; do sleep 0.02; done; head -c 3000000 /dev/zero | tr '\\0' a; touch written) &");

    // When it writes only after the command that started it has ended
    Files.createFile(workspace.root().resolve("go"));

    // Then
    await("background has written").until(() -> Files.exists(workspace.root().resolve("written")));
    assertThat(textOf(run("echo next"))).contains("3000005 bytes").endsWith("next\n");
  }

  @Test
  void bytesThatAreNoTextAreReplaced() throws Exception {
    assertThat(textOf(run("printf 'a\\377b\\000c\\303\\244'"))).isEqualTo("a\uFFFDb\uFFFDcä");
  }

  @ParameterizedTest
  @ValueSource(strings = {"echo 'unbalanced", "if true; then", "f() {", ")", "cat <<EOF\nno end"})
  void aSyntaxErrorHarmsNothingButItself(String command) throws Exception {
    // Given
    run("X=kept");

    // When
    run(command);
    ToolResult next = run("echo $X");

    // Then
    assertThat(textOf(next)).isEqualTo("kept\n");
  }

  @Test
  void aSyntaxErrorIsAnError() throws Exception {
    // When
    ToolResult result = run("if true; then");

    // Then
    assertThat(result.isError()).isTrue();
    assertThat(textOf(result)).contains("syntax error");
  }

  @Test
  void quotesHeredocsAndSeveralLinesArriveAsTheyAre() throws Exception {
    // When
    ToolResult result =
        run("cat <<'EOF'\nit's \"$HOME\" `x` \\n é\nEOF\necho 'a'\"'\"'b' # comment");

    // Then
    assertThat(textOf(result)).isEqualTo("it's \"$HOME\" `x` \\n é\na'b\n");
  }

  @Test
  void aVeryLongCommandArrives() throws Exception {
    // Given
    String word = "x".repeat(300_000);

    // When
    ToolResult result = run("x='" + word + "'; echo ${#x}");

    // Then
    assertThat(textOf(result)).isEqualTo("300000\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exec >file 2>&1",
        "exec 3>file 60>&1",
        "printf() { echo mine; }",
        "set -x",
        "trap 'echo bye' EXIT",
        "exec </dev/null"
      })
  void whatACommandDoesToTheShellDoesNotConfuseUs(String command) throws Exception {
    // Given
    run(command);

    // When
    ToolResult result = run("echo still here");

    // Then
    assertThat(textOf(result)).contains("still here");
    assertThat(result.isError()).isFalse();
  }

  @Test
  void restartForgetsEverything() throws Exception {
    // Given
    run("X=1; sleep 765 &");

    // When
    ToolResult restarted = bash.run(calls.of("restart", true));
    ToolResult both =
        bash.run(calls.of("restart", true, "command", "echo x$X; pgrep -c -x -f 'sleep 765'"));

    // Then
    assertThat(textOf(restarted)).startsWith("[shell restarted");
    assertThat(textOf(both)).startsWith("x\n0\n");
  }

  @Test
  void aCancelledCommandIsEndedAndSaysSo() throws Exception {
    // Given
    ToolCall call = calls.of("command", "echo begun; touch begun; sleep 600");
    CompletableFuture<ToolResult> running = later(call);
    await("command runs").until(() -> Files.exists(workspace.root().resolve("begun")));

    // When
    call.cancellation().cancel("cancelled");

    // Then
    assertThat(running.join().isError()).isTrue();
    assertThat(textOf(running.join())).startsWith("begun\n[cancelled; the shell was killed");
    assertThat(textOf(run("echo next"))).isEqualTo("next\n");
  }

  @Test
  void toolsSeeNoSettingOfOursAndNoKey() throws Exception {
    // When
    String environment = textOf(run("env"));

    // Then
    assertThat(environment)
        .contains("OWN_SETTING=seen", "ROUSE_POD=seen")
        .doesNotContain("hidden", "ROUSE_TICKET_KEY", "ANTHROPIC_");
  }

  @Test
  void killingTheProcessGroupKillsNoneOfUs() throws Exception {
    // When
    ToolResult result = run("kill -9 0");

    // Then
    assertThat(textOf(result)).contains("the shell ended with exit code 137");
  }

  @Test
  void badInputIsNamed() {
    assertThatThrownBy(() -> bash.run(calls.of()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("command is missing");
    assertThatThrownBy(() -> bash.run(calls.of("command", 5)))
        .hasMessageContaining("command must be a string");
    assertThatThrownBy(() -> bash.run(calls.of("command", "a\0b"))).hasMessageContaining("NUL");
    assertThatThrownBy(() -> bash.run(calls.of("command", "true", "timeout_ms", 0)))
        .hasMessageContaining("timeout_ms must be a number above 0");
    assertThatThrownBy(() -> bash.run(calls.of("command", "true", "restart", "yes")))
        .hasMessageContaining("restart must be true or false");
  }

  private ToolResult run(String command) throws Exception {
    return bash.run(calls.of("command", command));
  }

  private CompletableFuture<ToolResult> later(ToolCall call) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return bash.run(call);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        },
        task -> Thread.ofVirtual().start(task));
  }
}
