package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The last entry of a page; opaque to clients. It is a place in the order of a list, not an entry
 * of it: it stays right when that entry goes.
 *
 * @param list which list, so that no cursor is used for another
 * @param first what the list is ordered by
 * @param second what decides among equals; may be empty
 */
record ListCursor(String list, String first, String second) {

  private static final String PREFIX = "page_";

  String encode() {
    String json =
        JsonNodeFactory.instance
            .objectNode()
            .put("l", list)
            .put("a", first)
            .put("b", second)
            .toString();
    return PREFIX
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  /** The cursor that {@code text} is. @throws WireError 400 when it is none of this list */
  static ListCursor decode(String text, String list) throws WireError {
    try {
      if (text.startsWith(PREFIX)) {
        JsonNode json =
            EventCodec.JSON.readTree(
                Base64.getUrlDecoder().decode(text.substring(PREFIX.length())));
        if (json.path("l").asText().equals(list)
            && json.path("a").isTextual()
            && json.path("b").isTextual()) {
          return new ListCursor(list, json.path("a").textValue(), json.path("b").textValue());
        }
      }
    } catch (IOException | IllegalArgumentException _) {
      // The same answer as to a cursor of another list.
    }
    throw WireError.invalid("page: not a cursor of this list: use next_page as it came");
  }
}
