package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** How cursors are written: in a form that clients do not try to make themselves. */
final class CursorText {

  private static final String PREFIX = "page_";

  private CursorText() {}

  static String encode(ObjectNode json) {
    return PREFIX
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(json.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** What was written; empty if {@code text} is nothing that was. */
  static Optional<JsonNode> decode(String text) {
    if (!text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(
          EventCodec.JSON.readTree(Base64.getUrlDecoder().decode(text.substring(PREFIX.length()))));
    } catch (IOException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
