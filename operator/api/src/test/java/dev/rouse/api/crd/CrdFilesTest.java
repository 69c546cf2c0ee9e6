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

  @Test
  void theCommittedFilesAreWhatTheRecordsSay() throws IOException {
    // Given
    Map<String, String> generated = CrdGenerator.generate();
    if (Boolean.getBoolean("crds.update")) {
      write(generated);
    }
    // When
    Map<String, String> committed = read();
    // Then
    assertThat(committed)
        .as("crds/ is not what operator/api says: run make crds and commit the result")
        .isEqualTo(generated);
  }

  private static void write(Map<String, String> files) throws IOException {
    Files.createDirectories(CRDS);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(CRDS.resolve(file.getKey()), file.getValue());
    }
  }

  private static Map<String, String> read() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.list(CRDS)) {
      for (Path path : paths.filter(it -> it.toString().endsWith(".yaml")).toList()) {
        files.put(path.getFileName().toString(), Files.readString(path));
      }
    }
    return files;
  }
}
