package dev.rouse.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.logging.LogFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pins every key and every default: both are part of the interface. */
class SettingsTest {

  private static final Map<String, String> REQUIRED =
      Map.of(
          "ROUSE_SERVER_URL", "https://rouse.rouse-system.svc",
          "ROUSE_BRAIN_IMAGE", "brain:1",
          "ROUSE_HANDS_IMAGE", "hands:1");

  @Test
  void defaults() {
    // When
    Settings settings = Settings.from(REQUIRED);
    // Then
    assertThat(settings)
        .isEqualTo(
            new Settings(
                "https://rouse.rouse-system.svc",
                "brain:1",
                "hands:1",
                null,
                "rouse-system",
                Set.of(),
                false,
                Duration.ofSeconds(15),
                Duration.ofMinutes(2),
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                Duration.ofSeconds(30),
                Optional.empty(),
                Optional.empty(),
                LogFormat.TEXT));
  }

  @Test
  void everyKey(@TempDir Path directory) throws Exception {
    // Given
    Path ca = Files.writeString(directory.resolve("ca.pem"), "PEM");
    Map<String, String> environment = new HashMap<>(REQUIRED);
    environment.put("ROUSE_SERVER_URL", "https://server/");
    environment.put("ROUSE_CA_FILE", ca.toString());
    environment.put("ROUSE_NAMESPACE", "ours");
    environment.put("ROUSE_WATCH_NAMESPACES", "a, b,");
    environment.put("ROUSE_LEADER_ELECTION", "true");
    environment.put("ROUSE_BRAIN_UNREADY_AFTER", "PT1S");
    environment.put("ROUSE_HANDS_UNREADY_AFTER", "PT2S");
    environment.put("ROUSE_RESTART_BACKOFF_MIN", "PT3S");
    environment.put("ROUSE_RESTART_BACKOFF_MAX", "PT4S");
    environment.put("ROUSE_SECRET_RECHECK", "PT5S");
    environment.put("ROUSE_HEALTH_LISTEN", "127.0.0.1:0");
    environment.put("ROUSE_METRICS_LISTEN", "0.0.0.0:9090");
    environment.put("ROUSE_LOG_FORMAT", "json");
    // When
    Settings settings = Settings.from(environment);
    // Then
    assertThat(settings)
        .isEqualTo(
            new Settings(
                "https://server",
                "brain:1",
                "hands:1",
                ca,
                "ours",
                Set.of("a", "b"),
                true,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(4),
                Duration.ofSeconds(5),
                Optional.of("127.0.0.1:0"),
                Optional.of("0.0.0.0:9090"),
                LogFormat.JSON));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ROUSE_SERVER_URL", "ROUSE_BRAIN_IMAGE", "ROUSE_HANDS_IMAGE"})
  void aMissingKeyIsNamed(String key) {
    // Given
    Map<String, String> environment = new HashMap<>(REQUIRED);
    environment.put(key, " ");
    // When
    // Then
    assertThatThrownBy(() -> Settings.from(environment))
        .isInstanceOf(Settings.SettingsException.class)
        .hasMessageContaining(key);
  }

  @ParameterizedTest
  @CsvSource({
    "ROUSE_BRAIN_UNREADY_AFTER, 15s",
    "ROUSE_HANDS_UNREADY_AFTER, PT0S",
    "ROUSE_SECRET_RECHECK, -PT1S",
    "ROUSE_LEADER_ELECTION, yes",
    "ROUSE_LOG_FORMAT, xml",
    "ROUSE_CA_FILE, /does/not/exist"
  })
  void aWrongValueIsNamedWithItsKey(String key, String value) {
    // Given
    Map<String, String> environment = new HashMap<>(REQUIRED);
    environment.put(key, value);
    // When
    // Then
    assertThatThrownBy(() -> Settings.from(environment))
        .isInstanceOf(Settings.SettingsException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(value);
  }
}
