package dev.rouse.devcluster.node.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AtomicDirectoryTest {

  @TempDir Path directory;

  @Test
  void showsFilesWithTheirModes() throws IOException {
    // Given
    AtomicDirectory atomic = new AtomicDirectory(directory.resolve("v"));

    // When
    atomic.write(Map.of("a", file("1", 0400), "sub/b", file("2", 0644)));

    // Then
    assertThat(directory.resolve("v/a")).hasContent("1");
    assertThat(directory.resolve("v/sub/b")).hasContent("2");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("v/a"))))
        .isEqualTo("r--------");
  }

  @Test
  void replacesEverythingAndLeavesNothingOld() throws IOException {
    // Given
    AtomicDirectory atomic = new AtomicDirectory(directory);
    atomic.write(Map.of("gone", file("1", 0644), "kept", file("1", 0644)));

    // When
    atomic.write(Map.of("kept", file("2", 0644), "new", file("2", 0644)));

    // Then
    assertThat(names(directory))
        .filteredOn(name -> !name.startsWith(".."))
        .containsOnly("kept", "new");
    assertThat(names(directory)).filteredOn(name -> name.startsWith("..version")).hasSize(1);
    assertThat(directory.resolve("kept")).hasContent("2");
  }

  @Test
  void doesNotTouchWhatIsRightAlready() throws IOException {
    // Given
    AtomicDirectory atomic = new AtomicDirectory(directory);
    atomic.write(Map.of("a", file("1", 0644)));
    Path before = directory.resolve("..data").toRealPath();

    // When
    atomic.write(Map.of("a", file("1", 0644)));

    // Then
    assertThat(directory.resolve("..data").toRealPath()).isEqualTo(before);
  }

  @Test
  void aSecondWriterTakesTheDirectoryOver() throws IOException {
    // Given
    new AtomicDirectory(directory).write(Map.of("a", file("1", 0644)));

    // When
    new AtomicDirectory(directory).write(Map.of("a", file("2", 0644)));

    // Then
    assertThat(directory.resolve("a")).hasContent("2");
    assertThat(names(directory)).filteredOn(name -> name.startsWith("..version")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "/x", "a/../../x", "..hidden", ""})
  void refusesPathsThatLeadOut(String path) {
    // Given
    AtomicDirectory atomic = new AtomicDirectory(directory);

    // When
    var refusal = assertThatThrownBy(() -> atomic.write(Map.of(path, file("1", 0644))));

    // Then
    refusal.isInstanceOf(IllegalArgumentException.class);
  }

  private static FileContent file(String text, int mode) {
    return new FileContent(text.getBytes(StandardCharsets.UTF_8), mode);
  }

  private static Iterable<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    }
  }
}
