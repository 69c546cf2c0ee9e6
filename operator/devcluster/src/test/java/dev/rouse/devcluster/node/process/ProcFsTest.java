package dev.rouse.devcluster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcFsTest {

  @TempDir Path root;

  @Test
  void readsTheStartTimeBehindACommandWithSpacesAndParentheses() throws IOException {
    // Given
    process(7, "a) (b", 'S', 4711, "");

    // When
    var found = new ProcFs(root).find(7);

    // Then
    assertThat(found).contains(new ProcessId(7, 4711));
  }

  @Test
  void aLaterProcessWithTheSameNumberIsAnotherOne() throws IOException {
    // Given
    process(7, "sh", 'S', 2, "");

    // When
    boolean runs = new ProcFs(root).runs(new ProcessId(7, 1));

    // Then
    assertThat(runs).isFalse();
  }

  @Test
  void aZombieDoesNotRun() throws IOException {
    // Given
    process(7, "sh", 'Z', 1, "");

    // When
    boolean runs = new ProcFs(root).runs(new ProcessId(7, 1));

    // Then
    assertThat(runs).isFalse();
  }

  @Test
  void findsProcessesByTheWholeMark() throws IOException {
    // Given
    process(1, "sh", 'S', 1, "ROUSE_POD=a\0ROUSE_CONTAINER=x\0");
    process(2, "sh", 'S', 2, "ROUSE_POD=a\0ROUSE_CONTAINER=y\0");
    process(3, "sh", 'S', 3, "XROUSE_POD=a\0ROUSE_CONTAINER=x2\0");

    // When
    var found = new ProcFs(root).marked(Map.of("ROUSE_POD", "a", "ROUSE_CONTAINER", "x"));

    // Then
    assertThat(found).containsExactly(new ProcessId(1, 1));
  }

  private void process(int pid, String command, char state, long start, String environ)
      throws IOException {
    Path directory = Files.createDirectories(root.resolve(Integer.toString(pid)));
    String before =
        "%d (%s) %c 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0".formatted(pid, command, state);
    Files.writeString(directory.resolve("stat"), before + " " + start + " 0 0\n");
    Files.writeString(directory.resolve("environ"), environ);
  }
}
