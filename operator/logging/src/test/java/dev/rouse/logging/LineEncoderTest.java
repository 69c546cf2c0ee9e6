package dev.rouse.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LineEncoderTest {

  private final LoggerContext context = new LoggerContext();

  private String line(String format, String session, LoggingEvent event) {
    LineEncoder encoder = new LineEncoder();
    encoder.setContext(context);
    encoder.setFormat(format);
    encoder.setSession(session);
    encoder.setPattern("%level %msg %kvp{NONE}%n");
    encoder.start();
    return new String(encoder.encode(event), StandardCharsets.UTF_8);
  }

  private LoggingEvent event(String message, @Nullable Throwable thrown, KeyValuePair... pairs) {
    LoggingEvent event =
        new LoggingEvent(
            "here",
            context.getLogger("dev.rouse.server.brain.BrainApi"),
            Level.WARN,
            message,
            thrown,
            new Object[] {"one"});
    event.setInstant(Instant.parse("2026-03-01T10:00:00.123456Z"));
    List.of(pairs).forEach(event::addKeyValuePair);
    return event;
  }

  @Test
  void anEntryIsOneObjectOnOneLine() throws Exception {
    // Given
    LoggingEvent event =
        event(
            "said \"{}\"\nand more",
            new IllegalStateException("broken\nin two"),
            new KeyValuePair("session", "uid-1"),
            new KeyValuePair("seq", 12L));
    // When
    String line = line("json", "", event);
    // Then
    assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
    JsonNode json = new ObjectMapper().readTree(line);
    assertThat(json.path("time").asText()).isEqualTo("2026-03-01T10:00:00.123Z");
    assertThat(json.path("level").asText()).isEqualTo("WARN");
    assertThat(json.path("logger").asText()).isEqualTo("BrainApi");
    assertThat(json.path("message").asText()).isEqualTo("said \"one\"\nand more");
    assertThat(json.path("session").asText()).isEqualTo("uid-1");
    assertThat(json.path("seq").isNumber()).isTrue();
    assertThat(json.path("error").asText()).contains("IllegalStateException: broken", "\tat ");
  }

  @Test
  void theOneSessionOfAProgramIsInEveryLineAndNotTwice() throws Exception {
    // When
    String without = line("json", "uid-1", event("x", null));
    String with = line("json", "uid-1", event("x", null, new KeyValuePair("session", "uid-2")));
    // Then
    assertThat(new ObjectMapper().readTree(without).path("session").asText()).isEqualTo("uid-1");
    assertThat(with).containsOnlyOnce("\"session\"").contains("uid-2");
  }

  @Test
  void anythingElseIsText() {
    // When
    String text = line("xml", "", event("hello", null, new KeyValuePair("session", "uid-1")));
    // Then
    assertThat(text).isEqualTo("WARN hello session=uid-1\n");
  }

  @Test
  void theSettingIsTextUnlessItSaysOtherwise() {
    assertThat(LogFormat.of(Map.of())).isEqualTo(LogFormat.TEXT);
    assertThat(LogFormat.of(Map.of("ROUSE_LOG_FORMAT", " "))).isEqualTo(LogFormat.TEXT);
    assertThat(LogFormat.of(Map.of("ROUSE_LOG_FORMAT", "json"))).isEqualTo(LogFormat.JSON);
    assertThatThrownBy(() -> LogFormat.of(Map.of("ROUSE_LOG_FORMAT", "JSON")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ROUSE_LOG_FORMAT must be text or json, not JSON");
  }
}
