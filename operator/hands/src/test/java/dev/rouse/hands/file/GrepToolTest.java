package dev.rouse.hands.file;

import static dev.rouse.hands.tool.Calls.textOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.hands.tool.BadInputException;
import dev.rouse.hands.tool.Calls;
import dev.rouse.hands.tool.ToolCall;
import dev.rouse.hands.tool.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class GrepToolTest {

  private final Calls calls = new Calls();

  @TempDir private Path directory;
  private Workspace workspace;
  private GrepTool grep;

  @BeforeEach
  void open() throws Exception {
    workspace = Workspace.open(directory.resolve("workspace"));
    grep = new GrepTool(workspace, Map.of("PATH", ""));
  }

  @Test
  void findsLinesWithPathAndNumber() throws Exception {
    // Given
    file("a/x.txt", "one\ntwo 2\r\nthree\n");
    file("b.txt", "2");
    file(".git/x", "2");
    file("node_modules/x", "2");
    file("binary", "2\0");

    // When
    String text = run("pattern", "\\d$");

    // Then
    assertThat(text.lines()).containsExactlyInAnyOrder("a/x.txt:2:two 2", "b.txt:1:2");
    assertThat(run("pattern", "t", "path", "a/x.txt").lines())
        .containsExactly("a/x.txt:2:two 2", "a/x.txt:3:three");
  }

  @Test
  void noMatchIsNoError() throws Exception {
    // When
    var result = grep.run(calls.of("pattern", "nothing"));

    // Then
    assertThat(result.isError()).isFalse();
    assertThat(textOf(result)).isEqualTo("No matches.");
  }

  @Test
  void longLinesAndManyMatchesAreCut() throws Exception {
    // Given
    file("minified", "x".repeat(3_000_000));
    file("many", "match\n".repeat(50_000));

    // When
    String line = run("pattern", "x+", "path", "minified");
    String many = run("pattern", "match", "path", "many");

    // Then
    assertThat(line)
        .startsWith("minified:1:xxx")
        .endsWith("[... shortened ...]")
        .hasSizeLessThan(1_100);
    assertThat(many)
        .hasSizeBetween(90_000, 100_000)
        .endsWith("narrow the pattern or the path ...]");
  }

  @Test
  void anExpressionThatTakesForEverIsEnded() throws Exception {
    // Given
    file("evil", "a".repeat(40) + "b");
    ToolCall call = calls.of(Duration.ofMillis(400), "pattern", "^(a+)+\\1?c");

    // When
    String text = textOf(grep.run(call));

    // Then
    assertThat(text).contains("ended early");
  }

  @Test
  void complainsByName() {
    assertThatThrownBy(() -> run("pattern", "("))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("pattern is not a regular expression");
    assertThatThrownBy(() -> run("pattern", "x", "path", "missing"))
        .hasMessageContaining("there is no");
    assertThatThrownBy(() -> run("pattern", "x", "path", "/etc"))
        .hasMessageContaining("outside the workspace");
  }

  @Test
  void usesRipgrepWhereThereIsOne() throws Exception {
    // Given
    fakeRipgrep("echo './a.txt:1:found'; echo \"$PWD $*\" > ../arguments; env > ../environment");
    file("sub/a", "");

    // When
    String text = run("pattern", "-x", "path", "sub");

    // Then
    assertThat(text).isEqualTo("a.txt:1:found");
    assertThat(directory.resolve("arguments"))
        .content()
        .startsWith(workspace.root() + " ")
        .contains("-n --no-heading", "--glob=!node_modules")
        .endsWith("-e -x -- ./sub\n");
    assertThat(directory.resolve("environment")).content().doesNotContain("SECRET");
  }

  @Test
  void whatRipgrepComplainsAboutIsToldAndOneBadFileIsNot() throws Exception {
    // Given
    fakeRipgrep("if [ -e bad ]; then echo 'f:1:x'; fi; echo 'regex parse error' >&2; exit 2");

    // When, Then
    assertThatThrownBy(() -> run("pattern", "("))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("regex parse error");
    file("bad", "");
    assertThat(run("pattern", "x")).isEqualTo("f:1:x");
  }

  @Test
  void aRipgrepThatTakesForEverIsEnded() throws Exception {
    // Given
    fakeRipgrep("echo './a:1:x'; exec sleep 60");

    // When
    String text = textOf(grep.run(calls.of(Duration.ofMillis(300), "pattern", "x")));

    // Then
    assertThat(text).startsWith("a:1:x\n").contains("ended early");
  }

  private void fakeRipgrep(String script) throws IOException {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    Path rg = Files.writeString(bin.resolve("rg"), "#!/bin/bash\n" + script + "\n");
    assertThat(rg.toFile().setExecutable(true)).isTrue();
    grep = new GrepTool(workspace, Map.of("PATH", bin + ":/usr/bin:/bin", "SECRET", "x"));
  }

  private void file(String name, String content) throws IOException {
    Path file = workspace.root().resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private String run(Object... input) throws Exception {
    return textOf(grep.run(calls.of(input)));
  }
}
