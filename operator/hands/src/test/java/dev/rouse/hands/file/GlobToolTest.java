package dev.rouse.hands.file;

import static dev.rouse.hands.tool.Calls.textOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.hands.tool.BadInputException;
import dev.rouse.hands.tool.Calls;
import dev.rouse.hands.tool.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobToolTest {

  private final Calls calls = new Calls();

  @TempDir private Path directory;
  private Path root;
  private GlobTool glob;

  @BeforeEach
  void open() throws Exception {
    Workspace workspace = Workspace.open(directory);
    root = workspace.root();
    glob = new GlobTool(workspace);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          *.java          | A.java          | true
          *.java          | a/A.java        | false
          **/*.java       | A.java          | true
          **/*.java       | a/b/A.java      | true
          **/*.java       | a/b/A.javax     | false
          src/**          | src/a/b         | true
          src/**          | srcs/a          | false
          a/**/b          | a/b             | true
          a/**/b          | a/x/y/b         | true
          a/**/b          | a/xb            | false
          ?.c             | x.c             | true
          ?.c             | xy.c            | false
          a?b             | a/b             | false
          [a-c]x          | bx              | true
          [!a-c]x         | bx              | false
          [!a-c]x         | dx              | true
          *.{java,kt}     | x.kt            | true
          *.{java,kt}     | x.ktx           | false
          {a,b/**}/c      | b/x/c           | true
          a,b             | a,b             | true
          a+(b).txt       | a+(b).txt       | true
          a.c             | abc             | false
          \\*.c           | *.c             | true
          \\*.c           | x.c             | false
          """)
  void matchesAsPeopleExpect(String pattern, String path, boolean matches) throws Exception {
    assertThat(GlobPattern.compile(pattern).matcher(path).matches()).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[a", "{a,b"})
  void whatIsOpenedMustBeClosed(String pattern) {
    assertThatThrownBy(() -> GlobPattern.compile(pattern))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("without");
  }

  @Test
  void listsTheNewestFirstAndLeavesOutWhatIsNoWork() throws Exception {
    // Given
    file("old.txt", 1);
    file("a/new.txt", 3);
    file("b/middle.txt", 2);
    file(".git/x.txt", 4);
    file("b/node_modules/x.txt", 4);
    file(".rouse/outputs/x.txt", 4);

    // When
    String text = run("pattern", "**/*.txt");

    // Then
    assertThat(text).isEqualTo("a/new.txt\nb/middle.txt\nold.txt");
  }

  @Test
  void looksBelowAPathAndTakesWholePaths() throws Exception {
    // Given
    file("a/x.txt", 1);
    file("b/x.txt", 1);

    // When, Then
    assertThat(run("pattern", "*.txt", "path", "a")).isEqualTo("a/x.txt");
    assertThat(run("pattern", root + "/b/*.txt")).isEqualTo("b/x.txt");
    assertThat(run("pattern", "./b/*")).isEqualTo("b/x.txt");
    assertThat(run("pattern", "*.md")).isEqualTo("No files match.");
  }

  @Test
  void listsNoMoreThanTwoHundred() throws Exception {
    // Given
    for (int i = 0; i < 250; i++) {
      file("f" + i, i);
    }

    // When
    String text = run("pattern", "*");

    // Then
    assertThat(text.lines()).hasSize(201).startsWith("f249", "f248").contains("f50");
    assertThat(text).endsWith("[... the newest 200 of 250 files ...]").doesNotContain("f49\n");
  }

  @Test
  void complainsByName() {
    assertThatThrownBy(() -> run("pattern", "/etc/*"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("pattern must be relative");
    assertThatThrownBy(() -> run("pattern", "*", "path", "missing"))
        .hasMessageContaining("is not a directory");
    assertThatThrownBy(() -> run("path", ".")).hasMessageContaining("pattern is missing");
  }

  private void file(String name, int second) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.createFile(file);
    Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_000_000 + second)));
  }

  private String run(Object... input) throws Exception {
    return textOf(glob.run(calls.of(input)));
  }
}
