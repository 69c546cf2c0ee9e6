package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rouse.server.resource.Position;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a page of sessions begins; opaque to clients. It names a place and no session, so that it
 * stays right when the session that stood there is gone.
 *
 * @param ascending the order of the list
 * @param back whether the page lies before the place
 * @param position the place; itself on no page that this leads to
 */
record SessionCursor(boolean ascending, boolean back, Position position) {

  String encode() {
    return CursorText.encode(
        JsonNodeFactory.instance
            .objectNode()
            .put("a", ascending)
            .put("b", back)
            .put("t", position.created().toString())
            .put("u", position.uid()));
  }

  /**
   * The cursor that {@code text} is.
   *
   * @throws WireError 400 when it is none, belongs to a list of another order, or lies outside of
   *     what the list shows
   */
  static SessionCursor decode(String text, boolean ascending, Queries.TimeRange created)
      throws WireError {
    SessionCursor cursor = parse(text);
    if (cursor.ascending() != ascending) {
      throw WireError.invalid("page: the cursor belongs to a list of another order");
    }
    if (!created.holds(cursor.position().created())) {
      throw WireError.invalid("page: the cursor lies outside of created_at: begin a new list");
    }
    return cursor;
  }

  private static SessionCursor parse(String text) throws WireError {
    return CursorText.decode(text)
        .flatMap(SessionCursor::of)
        .orElseThrow(() ->
            WireError.invalid(
                "page: not a cursor of this list: use next_page or prev_page as they came"));
  }

  private static Optional<SessionCursor> of(JsonNode json) {
    if (!json.path("a").isBoolean() || !json.path("b").isBoolean() || !json.has("u")) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new SessionCursor(
              json.path("a").booleanValue(),
              json.path("b").booleanValue(),
              new Position(Instant.parse(json.path("t").asText()), json.path("u").asText())));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
