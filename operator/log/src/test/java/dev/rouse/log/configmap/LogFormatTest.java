package dev.rouse.log.configmap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.log.LogKey;
import dev.rouse.log.LogStore;
import dev.rouse.session.EventCodec;
import dev.rouse.session.LogRecord;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A log that was written once, by the first version of the format, stays readable. */
class LogFormatTest {

  private static final Path FIXTURE = Path.of("src/test/resources/log-format-1");
  private static final LogKey KEY =
      new LogKey("team-a", "review", "7f0e3c52-6a0e-4d6e-9a53-0d8a6c1b2f11");

  @Tag("failure-25")
  @Test
  void aLogOfFormatOneIsRead() throws IOException {
    // Given
    FakeConfigMaps configMaps = new FakeConfigMaps();
    try (Stream<Path> files = Files.list(FIXTURE)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
        ConfigMap object = Serialization.unmarshal(Files.readString(file), ConfigMap.class);
        configMaps.tamper(LogObjects.nameOf(object), object);
      }
    }
    LogStore store =
        new ConfigMapLogStore(
            configMaps, ConfigMapSettings.DEFAULTS, () -> "never", List.of(), Runnable::run);

    // When
    List<LogRecord> records =
        store.read(KEY, 0, Integer.MAX_VALUE).flatMap(c -> c.records().stream()).toList();

    // Then
    StringBuilder lines = new StringBuilder();
    for (LogRecord record : records) {
      lines.append(EventCodec.JSON.writeValueAsString(record)).append('\n');
    }
    assertThat(configMaps.names()).hasSizeGreaterThan(2);
    assertThat(lines).hasToString(Files.readString(FIXTURE.resolve("records.ndjson")));
    assertThat(store.head(KEY).seq()).isEqualTo(records.size() - 1);
  }
}
