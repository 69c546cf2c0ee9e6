package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/**
 * The last entry of a page; opaque to clients. It is a place in the order of a list, not an entry
 * of it: it stays right when that entry goes.
 *
 * @param list which list, so that no cursor is used for another
 * @param first what the list is ordered by
 * @param second what decides among equals; may be empty
 */
record ListCursor(String list, String first, String second) {

  String encode() {
    return CursorText.encode(
        JsonNodeFactory.instance.objectNode().put("l", list).put("a", first).put("b", second));
  }

  /** The cursor that {@code text} is. @throws WireError 400 when it is none of this list */
  static ListCursor decode(String text, String list) throws WireError {
    return CursorText.decode(text)
        .filter(json -> json.path("l").asText().equals(list))
        .filter(json -> json.path("a").isTextual() && json.path("b").isTextual())
        .map(json -> new ListCursor(list, json.path("a").textValue(), json.path("b").textValue()))
        .orElseThrow(
            () -> WireError.invalid("page: not a cursor of this list: use next_page as it came"));
  }
}
