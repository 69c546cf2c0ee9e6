package dev.rouse.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every setting, its default and its check. */
class SettingsTest {

  @TempDir Path directory;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void complete() throws IOException {
    environment.put("ROUSE_SERVER_URL", "https://rouse-server.rouse:8443/");
    environment.put("ROUSE_SESSION_UID", "2f1e");
    environment.put("ROUSE_TOKEN_FILE", file("token"));
    environment.put("ROUSE_PROVIDER_TYPE", "anthropic");
    environment.put("ROUSE_PROVIDER_URL", "http://models:80");
    environment.put("ROUSE_PROVIDER_KEY_FILE", "late/key");
  }

  private String file(String name) throws IOException {
    return Files.writeString(directory.resolve(name), "x").toString();
  }

  @Test
  void whatIsNotSetHasItsDefault() throws Exception {
    // When
    Settings settings = Settings.from(environment);

    // Then
    assertThat(settings)
        .isEqualTo(
            new Settings(
                "https://rouse-server.rouse:8443",
                "2f1e",
                directory.resolve("token"),
                null,
                Settings.ProviderType.ANTHROPIC,
                "http://models:80",
                Path.of("late/key"),
                null,
                Duration.ofSeconds(30),
                "due"));
  }

  @Test
  void everyOptionIsRead() throws Exception {
    // Given
    environment.put("ROUSE_CA_PEM", "-----BEGIN CERTIFICATE-----");
    environment.put("ROUSE_HEALTH_LISTEN", "127.0.0.1:8081");
    environment.put("ROUSE_LINGER", "PT2M");
    environment.put("ROUSE_WAKE_REASON", "the last brain was evicted");

    // When
    Settings settings = Settings.from(environment);

    // Then
    assertThat(settings.caPem()).isEqualTo("-----BEGIN CERTIFICATE-----");
    assertThat(settings.health()).isEqualTo(SocketAddress.inetSocketAddress(8081, "127.0.0.1"));
    assertThat(settings.linger()).isEqualTo(Duration.ofMinutes(2));
    assertThat(settings.wakeReason()).isEqualTo("the last brain was evicted");
  }

  @Test
  void aProviderOfTheOtherProtocolMayWantNoKey() throws Exception {
    // Given
    environment.put("ROUSE_PROVIDER_TYPE", "openai");
    environment.remove("ROUSE_PROVIDER_KEY_FILE");

    // When
    Settings settings = Settings.from(environment);

    // Then
    assertThat(settings.providerType()).isEqualTo(Settings.ProviderType.OPENAI);
    assertThat(settings.providerKeyFile()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ROUSE_SERVER_URL",
        "ROUSE_SESSION_UID",
        "ROUSE_TOKEN_FILE",
        "ROUSE_PROVIDER_TYPE",
        "ROUSE_PROVIDER_URL"
      })
  void whatIsMissingIsNamed(String name) {
    // Given
    environment.remove(name);

    // When, Then
    assertThatThrownBy(() -> Settings.from(environment))
        .isInstanceOf(Settings.Invalid.class)
        .hasMessage(name + " is not set");
  }

  @ParameterizedTest
  @CsvSource({
    "ROUSE_SERVER_URL,ftp://x",
    "ROUSE_SERVER_URL,no url",
    "ROUSE_PROVIDER_URL,http:///path",
    "ROUSE_TOKEN_FILE,not/there",
    "ROUSE_HEALTH_LISTEN,8081",
    "ROUSE_HEALTH_LISTEN,h:p",
    "ROUSE_LOG_FORMAT,xml",
    "ROUSE_PROVIDER_TYPE,other",
    "ROUSE_LINGER,30s",
    "ROUSE_LINGER,PT-1S"
  })
  void whatIsWrongIsNamedWithItsValue(String name, String value) {
    // Given
    environment.put(name, value);

    // When, Then
    assertThatThrownBy(() -> Settings.from(environment))
        .isInstanceOf(Settings.Invalid.class)
        .hasMessageStartingWith(name)
        .hasMessageContaining(value);
  }
}
