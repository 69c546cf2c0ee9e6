package dev.rouse.hands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.hands.isolation.ForbiddenAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandsConfigTest {

  private final Map<String, String> environment =
      new TreeMap<>(
          Map.of(
              "ROUSE_LISTEN", "127.0.0.1:8085",
              "ROUSE_WORKSPACE", "/data/workspace",
              "ROUSE_JOURNAL", "/data/journal",
              "ROUSE_TICKET_KEY", Keys.make().publicText(),
              "ROUSE_SESSION_UID", "uid",
              "ROUSE_GENERATION", "3",
              "ROUSE_FORBIDDEN", "10.96.0.1:443,169.254.169.254:80"));

  @Test
  void readsEverySetting() throws Exception {
    // When
    HandsConfig config = HandsConfig.from(environment);

    // Then
    assertThat(config.listen().getHostString()).isEqualTo("127.0.0.1");
    assertThat(config.listen().getPort()).isEqualTo(8085);
    assertThat(config.workspace()).isEqualTo(Path.of("/data/workspace"));
    assertThat(config.journal()).isEqualTo(Path.of("/data/journal"));
    assertThat(config.ticketKey().getAlgorithm()).isEqualTo("EdDSA");
    assertThat(config.sessionUid()).isEqualTo("uid");
    assertThat(config.generation()).isEqualTo(3);
    assertThat(config.forbidden())
        .containsExactly(
            new ForbiddenAddress("10.96.0.1", 443), new ForbiddenAddress("169.254.169.254", 80));
    assertThat(config.jsonLog()).isFalse();
  }

  @Test
  void withoutForbiddenAddressesNothingIsTried() throws Exception {
    // Given
    environment.remove("ROUSE_FORBIDDEN");

    // When
    HandsConfig config = HandsConfig.from(environment);

    // Then
    assertThat(config.forbidden()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"json, true", "text, false", "'', false"})
  void linesOfTheLogAreJsonWhereThatIsAskedFor(String format, boolean json) throws Exception {
    // Given
    environment.put("ROUSE_LOG_FORMAT", format);
    // When
    HandsConfig config = HandsConfig.from(environment);
    // Then
    assertThat(config.jsonLog()).isEqualTo(json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ROUSE_LISTEN",
        "ROUSE_WORKSPACE",
        "ROUSE_JOURNAL",
        "ROUSE_TICKET_KEY",
        "ROUSE_SESSION_UID",
        "ROUSE_GENERATION"
      })
  void namesWhatIsMissing(String name) {
    // Given
    environment.remove(name);

    // When, Then
    assertThatThrownBy(() -> HandsConfig.from(environment))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(name + " is not set");
  }

  @ParameterizedTest
  @CsvSource({
    "ROUSE_LISTEN, 8085, must be host:port",
    "ROUSE_LISTEN, 127.0.0.1:http, must be host:port",
    "ROUSE_LISTEN, 127.0.0.1:70000, must be host:port",
    "ROUSE_TICKET_KEY, bm8ga2V5, not an Ed25519 public key",
    "ROUSE_TICKET_KEY, '!', not an Ed25519 public key",
    "ROUSE_GENERATION, 0, must be a whole number from 1",
    "ROUSE_FORBIDDEN, 10.96.0.1, must be host:port",
    "ROUSE_GENERATION, one, must be a whole number from 1",
    "ROUSE_LOG_FORMAT, xml, must be text or json",
    "ROUSE_JOURNAL, /data/workspace/.journal, one inside the other",
    "ROUSE_JOURNAL, /data, one inside the other",
    "ROUSE_JOURNAL, /data/x/../workspace, one inside the other",
  })
  void namesWhatIsWrong(String name, String value, String complaint) {
    // Given
    environment.put(name, value);

    // When, Then
    assertThatThrownBy(() -> HandsConfig.from(environment))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(name)
        .hasMessageContaining(complaint);
  }
}
