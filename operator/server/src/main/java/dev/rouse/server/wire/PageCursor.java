package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where the next page of events begins; opaque to clients. It holds for one session and one order.
 *
 * @param sessionUid the session whose list it belongs to
 * @param ascending the order of the list
 * @param seq the last record that was looked at; null while none was
 * @param queued the last queued event that was listed; null while none was
 */
record PageCursor(
    String sessionUid, boolean ascending, @Nullable Long seq, @Nullable String queued) {

  private static final String PREFIX = "page_";

  String encode() {
    ObjectNode json =
        JsonNodeFactory.instance.objectNode().put("s", sessionUid).put("a", ascending);
    if (seq != null) {
      json.put("n", seq);
    }
    if (queued != null) {
      json.put("q", queued);
    }
    return PREFIX
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(json.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The cursor that {@code text} is.
   *
   * @throws WireError 400 when it is none or belongs to a list of another order, 404 when it
   *     belongs to another session
   */
  static PageCursor decode(String text, String sessionUid, boolean ascending) throws WireError {
    PageCursor cursor = parse(text);
    if (!cursor.sessionUid().equals(sessionUid)) {
      throw WireError.notFound("page: there is no such page in this session");
    }
    if (cursor.ascending() != ascending) {
      throw WireError.invalid("page: the cursor belongs to a list of another order");
    }
    return cursor;
  }

  private static PageCursor parse(String text) throws WireError {
    try {
      if (!text.startsWith(PREFIX)) {
        throw new IllegalArgumentException("no cursor");
      }
      JsonNode json =
          EventCodec.JSON.readTree(Base64.getUrlDecoder().decode(text.substring(PREFIX.length())));
      if (!json.path("s").isTextual() || !json.path("a").isBoolean()) {
        throw new IllegalArgumentException("no cursor");
      }
      return new PageCursor(
          json.path("s").textValue(),
          json.path("a").booleanValue(),
          json.path("n").isIntegralNumber() ? json.path("n").longValue() : null,
          json.path("q").textValue());
    } catch (IOException | IllegalArgumentException e) {
      throw WireError.invalid("page: not a cursor of this list: use next_page as it came");
    }
  }
}
