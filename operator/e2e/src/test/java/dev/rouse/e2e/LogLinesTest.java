package dev.rouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rouse.logging.LogKeys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.event.KeyValuePair;

/** The lines of the three programs that use a logging library, by their own configuration. */
class LogLinesTest {

  private static final Path ROOT = Path.of(System.getProperty("rouse.root", "../.."));

  private final LoggerContext context = new LoggerContext();

  @AfterEach
  void stop() {
    context.stop();
  }

  /** What the program in this module writes for an entry with every key. */
  private String line(String module, String format) throws Exception {
    context.putProperty("ROUSE_LOG_FORMAT", format);
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(
        ROOT.resolve("operator")
            .resolve(module)
            .resolve("src/main/resources/logback.xml")
            .toFile());
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    LoggingEvent event =
        new LoggingEvent("here", root, Level.INFO, "said {}", null, new Object[] {"hello"});
    LogKeys.ALL.forEach(key -> event.addKeyValuePair(new KeyValuePair(key, "value-of-" + key)));
    var appender = (OutputStreamAppender<ILoggingEvent>) root.iteratorForAppenders().next();
    return new String(appender.getEncoder().encode(event), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"server", "controller", "harness"})
  void aLineIsOneObjectWithTheFixedKeys(String module) throws Exception {
    // When
    String line = line(module, "json");
    // Then
    assertThat(line.lines()).hasSize(1);
    JsonNode json = new ObjectMapper().readTree(line);
    List<String> keys = new ArrayList<>();
    json.fieldNames().forEachRemaining(keys::add);
    List<String> all = new ArrayList<>(List.of("time", "level", "logger", "message"));
    all.addAll(LogKeys.ALL);
    assertThat(keys).containsExactlyElementsOf(all);
    assertThat(json.path("message").asText()).isEqualTo("said hello");
    assertThat(json.path("session").asText()).isEqualTo("value-of-session");
  }

  @ParameterizedTest
  @CsvSource({"server, text", "controller, text", "harness, text", "server, ''", "server, xml"})
  void textIsWhatIsLeft(String module, String format) throws Exception {
    // When
    String line = line(module, format);
    // Then
    assertThat(line).doesNotStartWith("{").contains("INFO", "said hello", "value-of-requestId");
  }
}
