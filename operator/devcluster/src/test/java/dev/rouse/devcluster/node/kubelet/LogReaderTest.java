package dev.rouse.devcluster.node.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.devcluster.node.process.AttemptDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogReaderTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:10Z");

  @TempDir Path directory;

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource({
    "tailLines, 2, 'two\nthree\n'",
    "tailLines, 0, ''",
    "tailLines, 9, 'one\ntwo\nthree\n'",
    "limitBytes, 5, 'one\nt'",
    "sinceSeconds, 8, 'two\nthree\n'",
    "sinceTime, 2026-01-01T00:00:03Z, 'three\n'",
    "timestamps, true, '2026-01-01T00:00:01Z one\n2026-01-01T00:00:02Z two\n2026-01-01T00:00:03Z three\n'"
  })
  void givesThePartThatIsWanted(String option, String value, String expected) throws IOException {
    // Given
    Files.writeString(files().log(), "one\ntwo\nthree\n");
    Files.writeString(
        files().logTimes(),
        "4 2026-01-01T00:00:01Z\n8 2026-01-01T00:00:02Z\n14 2026-01-01T00:00:03Z\n");

    // When
    String text = read(Map.of(option, value));

    // Then
    assertThat(text).isEqualTo(expected);
  }

  @Test
  void givesALastLineWithoutItsEnd() throws IOException {
    // Given
    Files.writeString(files().log(), "one\ntwo");

    // When
    String text = read(Map.of("tailLines", "1"));

    // Then
    assertThat(text).isEqualTo("two");
  }

  @Test
  void followsUntilTheContainerEnds() throws IOException {
    // Given
    Files.writeString(files().log(), "one\n");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LogReader reader = new LogReader(files(), LogOptions.parse(Map.of("follow", "true"), NOW), out);
    CompletableFuture<Void> follower = CompletableFuture.runAsync(() -> copy(reader));
    await("first line").until(() -> out.toString(StandardCharsets.UTF_8).equals("one\n"));

    // When
    Files.writeString(files().log(), "two\n", StandardOpenOption.APPEND);
    files().recordExit(0);

    // Then
    assertThat(follower).succeedsWithin(5, TimeUnit.SECONDS);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("one\ntwo\n");
  }

  private String read(Map<String, String> query) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new LogReader(files(), LogOptions.parse(query, NOW), out).copy();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static void copy(LogReader reader) {
    try {
      reader.copy();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private AttemptDirectory files() {
    return new AttemptDirectory(directory);
  }
}
