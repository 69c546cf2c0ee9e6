package dev.rouse.log.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Texts as sessions hold them: pieces of this checkout's own sources, one after the other, so that
 * the same does not come again soon. Neither noise nor repetition would pack as real events do.
 */
final class Texts {

  private static final String ALL = read(Path.of("operator"));

  private final int size;
  private int next;

  /**
   * @param size characters of each text
   * @param from where in the sources to begin
   */
  Texts(int size, int from) {
    this.size = size;
    this.next = Math.floorMod(from, ALL.length() - size);
  }

  String next() {
    int from = next + size > ALL.length() ? 0 : next;
    next = from + size;
    return ALL.substring(from, next);
  }

  private static String read(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> sources =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> file.toString().contains("/src/main/"))
              .sorted()
              .toList();
      StringBuilder all = new StringBuilder();
      for (Path source : sources) {
        all.append(Files.readString(source));
      }
      return all.toString();
    } catch (IOException e) {
      throw new UncheckedIOException("run this at the root of the checkout", e);
    }
  }
}
