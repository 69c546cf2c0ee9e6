package dev.rouse.hands.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class HandsLogTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-01T10:00:00.123456Z"), ZoneOffset.UTC);

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  private HandsLog log(boolean json) {
    return new HandsLog(
        new PrintStream(written, true, StandardCharsets.UTF_8), CLOCK, "uid-1", json);
  }

  private String written() {
    return written.toString(StandardCharsets.UTF_8);
  }

  @Test
  void textIsForPeople() {
    // When
    log(false).info("bash\nended", "toolUse", "sevt 1", "epoch", 3);
    // Then
    assertThat(written())
        .isEqualTo(
            "2026-03-01T10:00:00.123Z INFO bash\\nended session=uid-1 toolUse=\"sevt 1\" epoch=3\n");
  }

  @Test
  void jsonIsOneObjectOnOneLineAlsoWithAnError() throws Exception {
    // When
    log(true).error("a \"result\"\nwas lost", new IllegalStateException("x"), "toolUse", "sevt_1");
    // Then
    assertThat(written()).endsWith("}\n").containsOnlyOnce("\n");
    JsonNode json = new ObjectMapper().readTree(written());
    assertThat(json.path("time").asText()).isEqualTo("2026-03-01T10:00:00.123Z");
    assertThat(json.path("level").asText()).isEqualTo("ERROR");
    assertThat(json.path("message").asText()).isEqualTo("a \"result\"\nwas lost");
    assertThat(json.path("session").asText()).isEqualTo("uid-1");
    assertThat(json.path("toolUse").asText()).isEqualTo("sevt_1");
    assertThat(json.path("error").asText()).contains("IllegalStateException: x", "\tat ");
  }

  @Test
  void numbersStayNumbers() throws Exception {
    // When
    log(true).info("listening", "epoch", 3);
    // Then
    assertThat(new ObjectMapper().readTree(written()).path("epoch").isNumber()).isTrue();
  }
}
