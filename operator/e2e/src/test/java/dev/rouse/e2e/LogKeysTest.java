package dev.rouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.logging.LogKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A log line has no key that is not on the list: in the sources, because not every line is seen.
 */
class LogKeysTest {

  private static final Path ROOT = Path.of(System.getProperty("rouse.root", "../.."));

  /** The key of {@code addKeyValue}, which must be there to be read. */
  private static final Pattern SLF4J = Pattern.compile("addKeyValue\\(\\s*(\"[^\"]*\"|[^,]*),");

  /** All of what the hands' own log is told: {@code log.info("…", "key", value)}. */
  private static final Pattern HANDS =
      Pattern.compile("\\blog\\.(info|warn|error)\\((.*?)\\);\\n", Pattern.DOTALL);

  private static final Pattern KEY = Pattern.compile(",\\s*\"([^\"]*)\"\\s*,");

  private static final Pattern ROWS = Pattern.compile("^\\| `([A-Za-z]+)` \\|", Pattern.MULTILINE);

  private static List<String> sources(String module) throws IOException {
    List<String> sources = new ArrayList<>();
    Path main = ROOT.resolve("operator").resolve(module).resolve("src/main");
    try (Stream<Path> files = Files.walk(main)) {
      for (Path file : files.filter(it -> it.toString().endsWith(".java")).toList()) {
        sources.add(Files.readString(file));
      }
    }
    return sources;
  }

  private static List<String> found(List<String> texts, Pattern pattern, int group) {
    return texts.stream()
        .flatMap(text -> pattern.matcher(text).results())
        .map(it -> it.group(group))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"api", "log", "server", "controller", "harness"})
  void everyKeyIsOnTheList(String module) throws IOException {
    // Given
    List<String> sources = sources(module);
    // When
    List<String> keys = found(sources, SLF4J, 1);
    // Then
    assertThat(LogKeys.ALL.stream().map(it -> '"' + it + '"')).containsAll(keys);
  }

  @Test
  void soIsEveryKeyOfTheHands() throws IOException {
    // Given
    List<String> calls = found(sources("hands"), HANDS, 2);
    // When
    List<String> keys = found(calls, KEY, 1);
    // Then
    assertThat(keys).contains("toolUse", "epoch");
    assertThat(LogKeys.ALL).containsAll(keys);
  }

  @Test
  void thePageHasTheList() throws IOException {
    // Given
    String page = Files.readString(ROOT.resolve("docs/metrics.md"));
    Matcher table =
        Pattern.compile("<!-- log keys -->(.*?)<!-- /log keys -->", Pattern.DOTALL).matcher(page);
    // When
    boolean found = table.find();
    // Then
    assertThat(found).isTrue();
    assertThat(ROWS.matcher(table.group(1)).results().map(it -> it.group(1)))
        .containsExactlyElementsOf(LogKeys.ALL);
  }
}
