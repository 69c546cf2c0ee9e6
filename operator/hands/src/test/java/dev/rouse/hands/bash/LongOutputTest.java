package dev.rouse.hands.bash;

import static dev.rouse.hands.tool.Calls.textOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.hands.tool.Calls;
import dev.rouse.hands.tool.ToolCall;
import dev.rouse.hands.tool.Workspace;
import dev.rouse.session.Ids;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LongOutputTest {

  private final Calls calls = new Calls();

  @TempDir private Path directory;
  private Workspace workspace;
  private BashTool bash;

  @BeforeEach
  void open() throws Exception {
    workspace = Workspace.open(directory);
    bash =
        new BashTool(
            workspace,
            Map.of("PATH", System.getenv("PATH")),
            Ids.random(),
            "hands_" + Ids.random().next("test"),
            false);
  }

  @AfterEach
  void close() {
    bash.close();
  }

  @Test
  void upToTheLimitAllOfItIsShown() throws Exception {
    // When
    String text = textOf(bash.run(calls.of("command", "head -c 100000 /dev/zero | tr '\\0' a")));

    // Then
    assertThat(text).isEqualTo("a".repeat(100_000));
    assertThat(workspace.outputs()).doesNotExist();
  }

  @Test
  void aboveTheLimitBothEndsAreShownAndAllOfItIsInAFile() throws Exception {
    // Given
    ToolCall call = calls.of("command", "seq 1 20000");

    // When
    String text = textOf(bash.run(call));

    // Then
    Path file = workspace.outputs().resolve(call.id() + ".txt");
    assertThat(text)
        .hasSizeLessThan(50_000)
        .startsWith("1\n2\n3\n")
        .endsWith("\n19999\n20000\n")
        .contains("all of it is in .rouse/outputs/" + call.id() + ".txt");
    assertThat(Files.readAllLines(file)).hasSize(20_000).endsWith("20000");
    assertThat(workspace.root().resolve(".rouse/.gitignore")).hasContent("*");
  }

  @Test
  void cutsBetweenCharacters() throws Exception {
    // When: a character of four bytes, so that no cut falls between two by chance
    String text =
        textOf(
            bash.run(calls.of("command", "printf x; for i in {1..150000}; do printf '😀'; done")));

    // Then
    assertThat(text).doesNotContain("\uFFFD").startsWith("x😀").endsWith("😀");
    assertThat(text.codePoints().filter(c -> Character.isSurrogate((char) c) && c < 0x10000))
        .isEmpty();
  }

  @Test
  void twentyMegabytesAreAllInTheFile() throws Exception {
    // Given
    ToolCall call = calls.of("command", "seq 1 2800000");

    // When
    String text = textOf(bash.run(call));

    // Then
    Path file = workspace.outputs().resolve(call.id() + ".txt");
    assertThat(Files.size(file)).isGreaterThan(20_000_000);
    assertThat(text)
        .startsWith("1\n")
        .endsWith("\n2800000\n")
        .contains(Files.size(file) + " bytes");
    try (var lines = Files.lines(file)) {
      assertThat(lines.mapToLong(Long::parseLong).sum()).isEqualTo(2_800_000L * 2_800_001L / 2);
    }
  }

  @Test
  void anOutputThatCannotBeSavedIsStillShownAtBothEnds() throws Exception {
    // Given: the place is taken by a file
    Files.writeString(workspace.root().resolve(".rouse"), "in the way");

    // When
    String text = textOf(bash.run(calls.of("command", "seq 1 100000")));

    // Then
    assertThat(text).startsWith("1\n").endsWith("\n100000\n").contains("the middle is lost");
  }

  @Test
  void nothingUnfinishedIsLeft() throws Exception {
    // When
    bash.run(calls.of("command", "seq 1 100000"));
    bash.run(calls.of("command", "seq 1 100000; sleep 60", "timeout_ms", 1500));

    // Then
    try (var files = Files.list(workspace.outputs())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .hasSize(2)
          .allMatch(name -> name.startsWith("toolu_"));
    }
  }
}
