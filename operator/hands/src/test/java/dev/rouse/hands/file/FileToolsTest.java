package dev.rouse.hands.file;

import static dev.rouse.hands.tool.Calls.textOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.hands.tool.BadInputException;
import dev.rouse.hands.tool.Calls;
import dev.rouse.hands.tool.Tool;
import dev.rouse.hands.tool.Workspace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** read, write, edit. */
class FileToolsTest {

  private final Calls calls = new Calls();

  @TempDir private Path directory;
  private Path root;
  private ReadTool read;
  private WriteTool write;
  private EditTool edit;

  @BeforeEach
  void open() throws Exception {
    Workspace workspace = Workspace.open(directory.resolve("workspace"));
    root = workspace.root();
    read = new ReadTool(workspace);
    write = new WriteTool(workspace);
    edit = new EditTool(workspace);
  }

  @Test
  void writesMakesDirectoriesAndReports() throws Exception {
    // When
    String text = run(write, "file_path", "a/b/c.txt", "content", "häßlich\n");

    // Then
    assertThat(text).isEqualTo("Wrote 10 bytes to a/b/c.txt");
    assertThat(root.resolve("a/b/c.txt")).hasContent("häßlich\n");
    assertThat(Files.list(root.resolve("a/b"))).hasSize(1);
  }

  @Test
  void replacesAFileAndKeepsItsPermissionsAndLinks() throws Exception {
    // Given
    Path script = Files.writeString(root.resolve("run.sh"), "old");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-x---"));
    Files.createSymbolicLink(root.resolve("link"), Path.of("run.sh"));

    // When
    run(write, "file_path", root + "/link", "content", "new");

    // Then
    assertThat(script).hasContent("new");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(script)))
        .isEqualTo("rwxr-x---");
    assertThat(root.resolve("link")).isSymbolicLink();
  }

  @Test
  void staysInsideTheWorkspaceAlsoThroughLinks() throws Exception {
    // Given
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "secret");
    Files.createDirectory(directory.resolve("workspace-too"));
    Files.createSymbolicLink(root.resolve("out"), outside);
    Files.createSymbolicLink(root.resolve("file"), outside.resolve("secret"));
    List<String> paths =
        List.of(
            "../outside/secret",
            outside + "/secret",
            "out/secret",
            "out/new",
            "out/new/deeper",
            "file",
            "a/../../outside/secret",
            "../workspace-too/x",
            "/etc/passwd");

    for (String path : paths) {
      // When, Then
      complains(read, "outside the workspace", "file_path", path);
      complains(write, "outside the workspace", "file_path", path, "content", "x");
      complains(
          edit, "outside the workspace", "file_path", path, "old_string", "s", "new_string", "x");
    }
    assertThat(outside.resolve("secret")).hasContent("secret");
    assertThat(Files.list(outside)).hasSize(1);
  }

  @Test
  void followsALinkThatStaysInside() throws Exception {
    // Given
    Files.createDirectories(root.resolve("real"));
    Files.createSymbolicLink(root.resolve("link"), Path.of("real"));

    // When
    run(write, "file_path", "link/a", "content", "x");

    // Then
    assertThat(root.resolve("real/a")).hasContent("x");
    assertThat(run(read, "file_path", "link/a")).isEqualTo("x");
  }

  @Test
  void readsExactlyWhatIsThere() throws Exception {
    // Given
    Files.writeString(root.resolve("a"), "one\r\n\ttwo\n\nfour");
    Files.createFile(root.resolve("empty"));

    // When, Then
    assertThat(run(read, "file_path", "a")).isEqualTo("one\r\n\ttwo\n\nfour");
    assertThat(run(read, "file_path", root + "/a")).isEqualTo("one\r\n\ttwo\n\nfour");
    assertThat(run(read, "file_path", "empty")).isEqualTo("(empty file)");
  }

  @Test
  void readsRangesOfLines() throws Exception {
    // Given
    Files.writeString(root.resolve("a"), "1\n2\n3\n4\n5");

    // When, Then
    assertThat(run(read, "file_path", "a", "view_range", List.of(2, 3))).isEqualTo("2\n3\n");
    assertThat(run(read, "file_path", "a", "view_range", List.of(4, 0))).isEqualTo("4\n5");
    assertThat(run(read, "file_path", "a", "view_range", List.of(4, -1))).isEqualTo("4\n5");
    assertThat(run(read, "file_path", "a", "view_range", List.of(5, 99))).isEqualTo("5");
    complains(read, "has 5 lines", "file_path", "a", "view_range", List.of(6, 0));
    complains(read, "counted from 1", "file_path", "a", "view_range", List.of(0, 3));
    complains(read, "before it begins", "file_path", "a", "view_range", List.of(3, 2));
    complains(read, "two whole numbers", "file_path", "a", "view_range", List.of(3));
    complains(read, "two whole numbers", "file_path", "a", "view_range", "1-3");
  }

  @Test
  void aLargeFileNeedsARange() throws Exception {
    // Given
    String lines =
        IntStream.rangeClosed(1, 60_000).mapToObj(i -> "l" + i).collect(Collectors.joining("\n"));
    Files.writeString(root.resolve("large"), lines);

    // When
    String range = run(read, "file_path", "large", "view_range", List.of(59_999, 0));
    String tooMuch = run(read, "file_path", "large", "view_range", List.of(1, 0));

    // Then
    complains(read, "give view_range", "file_path", "large");
    assertThat(range).isEqualTo("l59999\nl60000");
    assertThat(tooMuch).hasSizeBetween(100_000, 100_200).contains("go on with view_range [");
  }

  @Test
  void whatIsNoTextFileIsSaidToBeNone() throws Exception {
    // Given
    Files.write(root.resolve("binary"), new byte[] {1, 0, 2});
    Files.write(root.resolve("latin1"), "ä".getBytes(StandardCharsets.ISO_8859_1));
    Files.createDirectory(root.resolve("directory"));

    // When, Then
    complains(read, "not a text file", "file_path", "binary");
    complains(read, "is a directory", "file_path", "directory");
    complains(read, "there is no file", "file_path", "missing");
    complains(read, "file_path is missing", "file", "x");
    complains(read, "file_path is empty", "file_path", "");
    complains(write, "is a directory", "file_path", "directory", "content", "x");
    complains(write, "content is missing", "file_path", "x");
    assertThat(run(read, "file_path", "latin1")).isEqualTo("\uFFFD");
  }

  @Test
  void editsWhatIsThereOnce() throws Exception {
    // Given
    Files.writeString(root.resolve("a"), "one two\ntwo three\n");

    // When
    String text = edit("a", "one two", "1 $1 \\2");

    // Then
    assertThat(text).isEqualTo("Replaced 1 occurrence in a");
    assertThat(root.resolve("a")).hasContent("1 $1 \\2\ntwo three\n");
  }

  @Test
  void editsEveryOccurrenceOnlyWhenAsked() throws Exception {
    // Given
    Files.writeString(root.resolve("a"), "x x x");

    // When, Then
    complains(edit, "stands 3 times in a", "file_path", "a", "old_string", "x", "new_string", "y");
    assertThat(root.resolve("a")).hasContent("x x x");
    assertThat(
            run(edit, "file_path", "a", "old_string", "x", "new_string", "", "replace_all", true))
        .isEqualTo("Replaced 3 occurrences in a");
    assertThat(root.resolve("a")).content().isEqualTo("  ");
  }

  @Test
  void editsKeepBytesThatAreNoText() throws Exception {
    // Given
    byte[] before = {(byte) 0xFF, 'a', (byte) 0xC3, (byte) 0xA4, (byte) 0xFE};
    Files.write(root.resolve("a"), before);

    // When
    edit("a", "ä", "ö");

    // Then
    assertThat(Files.readAllBytes(root.resolve("a"))).containsExactly(0xFF, 'a', 0xC3, 0xB6, 0xFE);
  }

  @Test
  void anEditThatCannotBeSaysWhy() throws Exception {
    // Given
    Files.writeString(root.resolve("a"), "one\r\ntwo\r\n");
    Files.write(root.resolve("large"), new byte[256 * 1024 + 1]);

    // When, Then
    complains(edit, "does not stand in a", "file_path", "a", "old_string", "x", "new_string", "y");
    complains(
        edit, "end with \\r\\n", "file_path", "a", "old_string", "one\ntwo", "new_string", "y");
    complains(edit, "is empty", "file_path", "a", "old_string", "", "new_string", "y");
    complains(edit, "the same", "file_path", "a", "old_string", "x", "new_string", "x");
    complains(
        edit, "edit it with bash", "file_path", "large", "old_string", "x", "new_string", "y");
  }

  private String edit(String file, String wanted, String replacement) throws Exception {
    return run(edit, "file_path", file, "old_string", wanted, "new_string", replacement);
  }

  private String run(Tool tool, Object... input) throws Exception {
    return textOf(tool.run(calls.of(input)));
  }

  private void complains(Tool tool, String about, Object... input) {
    assertThatThrownBy(() -> tool.run(calls.of(input)))
        .as("%s %s", tool.name(), List.of(input))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(about);
  }
}
