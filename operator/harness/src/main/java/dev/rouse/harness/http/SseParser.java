package dev.rouse.harness.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events from bytes, however they are cut (WHATWG HTML §9.2.6). Comments and {@code
 * retry} are skipped; an event without data is none.
 */
public final class SseParser {

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final StringBuilder data = new StringBuilder();
  private String name = "";
  private @Nullable String id;
  private boolean hasData;
  private boolean afterReturn;

  /**
   * One event.
   *
   * @param name the field {@code event}, empty if there was none
   * @param id the field {@code id}
   * @param data the lines of {@code data}, joined by line feeds
   */
  public record Sse(String name, @Nullable String id, String data) {}

  /** Takes the next bytes; answers the events that they complete. */
  public List<Sse> feed(byte[] bytes) {
    List<Sse> events = new ArrayList<>();
    for (byte b : bytes) {
      // A line ends with CR, LF or both; the LF after a CR ends nothing more.
      if (b == '\n' && afterReturn) {
        afterReturn = false;
        continue;
      }
      afterReturn = b == '\r';
      if (b == '\n' || b == '\r') {
        line(line.toString(StandardCharsets.UTF_8), events);
        line.reset();
      } else {
        line.write(b);
      }
    }
    return events;
  }

  private void line(String text, List<Sse> events) {
    if (text.isEmpty()) {
      if (hasData) {
        events.add(new Sse(name, id, data.toString()));
      }
      data.setLength(0);
      hasData = false;
      name = "";
      id = null;
      return;
    }
    int colon = text.indexOf(':');
    String field = colon < 0 ? text : text.substring(0, colon);
    String value = colon < 0 ? "" : text.substring(colon + 1);
    if (value.startsWith(" ")) {
      value = value.substring(1);
    }
    switch (field) {
      case "data" -> {
        data.append(hasData ? "\n" : "").append(value);
        hasData = true;
      }
      case "event" -> name = value;
      case "id" -> id = value;
      default -> {}
    }
  }
}
