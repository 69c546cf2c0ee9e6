package dev.rouse.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a program's training led to, kept beside its cache.
 *
 * @param fingerprint what the cache holds for
 * @param startMillis from its start until it answers its probe
 * @param plainMillis the same without the cache
 */
record Trained(String fingerprint, long startMillis, long plainMillis) {

  /** That of a cache which is there and still holds. */
  static Optional<Trained> find(Stage stage, Program program) throws IOException {
    Path file = file(stage, program);
    if (!Files.exists(file) || !Files.exists(stage.cache(program))) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file);
    return lines.getFirst().equals(stage.fingerprint(program))
        ? Optional.of(
            new Trained(lines.get(0), Long.parseLong(lines.get(1)), Long.parseLong(lines.get(2))))
        : Optional.empty();
  }

  void keep(Stage stage, Program program) throws IOException {
    Files.writeString(
        file(stage, program), "%s%n%d%n%d%n".formatted(fingerprint, startMillis, plainMillis));
  }

  private static Path file(Stage stage, Program program) {
    return stage.cache(program).resolveSibling("trained");
  }
}
