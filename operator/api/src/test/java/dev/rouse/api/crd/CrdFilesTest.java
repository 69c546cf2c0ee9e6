package dev.rouse.api.crd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The committed CRDs are what the records say; with {@code -Dcrds.update=true} it writes them. */
class CrdFilesTest {

  private static final Path CRDS = Path.of(System.getProperty("rouse.root"), "crds");
  private static final Path CHART =
      Path.of(System.getProperty("rouse.root"), "helm", "rouse", "files", "crds");

  @Test
  void theCommittedFilesAreWhatTheRecordsSay() throws IOException {
    // Given
    Map<String, String> generated = CrdGenerator.generate();
    if (Boolean.getBoolean("crds.update")) {
      write(CRDS, generated);
      write(CHART, generated);
    }
    // When
    Map<String, String> committed = read(CRDS);
    // Then
    assertThat(committed)
        .as("crds/ is not what operator/api says: run make crds and commit the result")
        .isEqualTo(generated);
  }

  /** A chart can hold what is in its folder only. */
  @Test
  void theChartHoldsTheSame() throws IOException {
    // When
    Map<String, String> inChart = read(CHART);
    // Then
    assertThat(inChart).as("run make crds and commit the result").isEqualTo(read(CRDS));
  }

  private static void write(Path directory, Map<String, String> files) throws IOException {
    Files.createDirectories(directory);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(directory.resolve(file.getKey()), file.getValue());
    }
  }

  private static Map<String, String> read(Path directory) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.list(directory)) {
      for (Path path : paths.filter(it -> it.toString().endsWith(".yaml")).toList()) {
        files.put(path.getFileName().toString(), Files.readString(path));
      }
    }
    return files;
  }
}
