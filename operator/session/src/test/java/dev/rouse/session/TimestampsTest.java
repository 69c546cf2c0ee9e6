package dev.rouse.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-01-02T03:04:05.000000Z",
        "2026-01-02T03:04:05.123456Z",
        "1969-12-31T23:59:59.999999Z",
        "2024-02-29T00:00:00.000001Z",
        "0000-01-01T00:00:00.000000Z",
        "2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05.123456789Z",
        "2026-01-02T03:04:05.12345+01:00",
        "2016-12-31T23:59:60.000000Z",
        "2026-01-02T24:00:00Z",
        "2026-01-02T24:00:00.000000Z"
      })
  void isReadAsTheLibraryReadsIt(String text) {
    assertThat(Timestamps.read(text)).isEqualTo(Instant.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-13-02T03:04:05.000000Z",
        "2025-02-29T00:00:00.000000Z",
        "2026-01-02T25:04:05.000000Z",
        "2026-01-02T03:61:05.000000Z",
        "2026-01-02T03:04:05.00000xZ",
        "2026-01-02 03:04:05.000000Z",
        "2026-01-02T03:04:05.000000",
        "yesterday",
        ""
      })
  void whatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> Timestamps.read(text)).isInstanceOf(DateTimeParseException.class);
  }

  @Test
  void whatIsWrittenIsReadToTheMicrosecond() {
    // Given
    Instant at = Instant.parse("2026-01-02T03:04:05.123456Z");

    // When
    String text = Timestamps.write(at);

    // Then
    assertThat(text).isEqualTo("2026-01-02T03:04:05.123456Z");
    assertThat(Timestamps.read(text)).isEqualTo(at);
  }
}
