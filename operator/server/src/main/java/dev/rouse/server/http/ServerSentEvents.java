package dev.rouse.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.rouse.session.EventCodec;
import java.nio.charset.StandardCharsets;

/** Frames of a {@code text/event-stream}; data is always one line of JSON. */
public final class ServerSentEvents {

  public static final String CONTENT_TYPE = "text/event-stream; charset=utf-8";

  private ServerSentEvents() {}

  /** A comment line: ignored by clients, keeps connections open. */
  public static byte[] comment(String text) {
    return bytes(":" + text + "\n\n");
  }

  /** An event of a name. */
  public static byte[] named(String name, Object data) {
    return bytes("event: " + name + "\ndata: " + json(data) + "\n\n");
  }

  /** An event with an id to go on from. */
  public static byte[] numbered(long id, Object data) {
    return bytes("id: " + id + "\ndata: " + json(data) + "\n\n");
  }

  /** JSON never holds a raw line break, so one line is enough. */
  private static String json(Object data) {
    try {
      return EventCodec.JSON.writeValueAsString(data);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event cannot be written as JSON", e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
