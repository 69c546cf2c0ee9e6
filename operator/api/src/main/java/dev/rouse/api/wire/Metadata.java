package dev.rouse.api.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/** Free labels for clients: at most 16 pairs, keys of 64 and values of 512 characters. */
public final class Metadata {

  private static final int PAIRS = 16;
  private static final int KEY = 64;
  private static final int VALUE = 512;

  private Metadata() {}

  /**
   * The labels after a body's field {@code metadata}: merged key by key, where null takes a key
   * away.
   *
   * @param before the labels so far
   * @param emptyDeletes whether an empty value takes a key away as well
   */
  public static Map<String, String> merge(
      Map<String, String> before, Body body, boolean emptyDeletes) throws InvalidBody {
    Body metadata = body.object("metadata").orElse(null);
    if (metadata == null) {
      return before;
    }
    Map<String, String> merged = new TreeMap<>(before);
    for (Map.Entry<String, JsonNode> pair : metadata.json().properties()) {
      String key = pair.getKey();
      if (length(key) > KEY) {
        throw InvalidBody.at(
            metadata.path(key.substring(0, key.offsetByCodePoints(0, KEY)) + "…"),
            "a key may have at most " + KEY + " characters");
      }
      String value = metadata.text(key, 0, VALUE);
      if (value == null || (emptyDeletes && value.isEmpty())) {
        merged.remove(key);
      } else {
        merged.put(key, value);
      }
    }
    if (merged.size() > PAIRS) {
      throw InvalidBody.at(
          body.path("metadata"),
          "may have at most %d pairs, has %d".formatted(PAIRS, merged.size()));
    }
    return merged;
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** The labels on the wire, by key. */
  public static ObjectNode write(Map<String, String> metadata) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    new TreeMap<>(metadata).forEach(json::put);
    return json;
  }
}
