package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * Where the next page of events begins; opaque to clients. It holds for one session and one order.
 *
 * @param sessionUid the session whose list it belongs to
 * @param ascending the order of the list
 * @param seq the last record that was listed; null while none was
 * @param queued the last queued event that was listed; null while none was
 */
record PageCursor(
    String sessionUid, boolean ascending, @Nullable Long seq, @Nullable String queued) {

  String encode() {
    ObjectNode json =
        JsonNodeFactory.instance.objectNode().put("s", sessionUid).put("a", ascending);
    if (seq != null) {
      json.put("n", seq);
    }
    if (queued != null) {
      json.put("q", queued);
    }
    return CursorText.encode(json);
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
    JsonNode json =
        CursorText.decode(text)
            .filter(it -> it.path("s").isTextual() && it.path("a").isBoolean())
            .orElseThrow(() ->
                WireError.invalid("page: not a cursor of this list: use next_page as it came"));
    return new PageCursor(
        json.path("s").textValue(),
        json.path("a").booleanValue(),
        json.path("n").isIntegralNumber() ? json.path("n").longValue() : null,
        json.path("q").textValue());
  }
}
