package dev.rouse.e2e.bed;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.rouse.e2e.bench.Figure;
import dev.rouse.session.EventCodec;
import java.util.Optional;
import org.junit.jupiter.api.TestReporter;

/** The way of a figure from a test into the report. */
public final class Figures {

  private static final String KEY = "figure";

  private Figures() {}

  public static void publish(TestReporter reporter, Figure figure) {
    try {
      reporter.publishEntry(KEY, KEY + EventCodec.JSON.writeValueAsString(figure));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a figure is text and numbers", e);
    }
  }

  /** The figure of a report entry, if it is one. */
  static Optional<Figure> parse(String value) {
    if (!value.startsWith(KEY)) {
      return Optional.empty();
    }
    try {
      return Optional.of(EventCodec.JSON.readValue(value.substring(KEY.length()), Figure.class));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not a figure: " + value, e);
    }
  }
}
