package dev.rouse.devcluster.model.protocol;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.devcluster.model.judge.FaultException;
import dev.rouse.devcluster.model.judge.FaultKind;
import java.io.IOException;
import java.util.function.Consumer;

/** A good request with one thing changed. */
public final class Doctored {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Doctored() {}

  /**
   * The request {@code good}, other at {@code pointer}; null for the whole of it.
   *
   * @param value JSON text, or null to leave the field out
   */
  public static JsonNode json(String good, String pointer, String value) throws IOException {
    if (pointer == null) {
      return JSON.readTree(value);
    }
    JsonNode root = JSON.readTree(good);
    int slash = pointer.lastIndexOf('/');
    String field = pointer.substring(slash + 1);
    switch (root.at(pointer.substring(0, slash))) {
      case ObjectNode object when value == null -> object.remove(field);
      case ObjectNode object -> object.set(field, JSON.readTree(value));
      case ArrayNode array when Integer.parseInt(field) < array.size() ->
          array.set(Integer.parseInt(field), JSON.readTree(value));
      case ArrayNode array -> array.add(JSON.readTree(value));
      default -> throw new IllegalArgumentException(pointer);
    }
    return root;
  }

  /** Has {@code reader} refuse {@code body} with a fault of this kind at this place. */
  public static void assertRefused(
      Consumer<JsonNode> reader, JsonNode body, String kind, String place) {
    assertThatThrownBy(() -> reader.accept(body))
        .isInstanceOfSatisfying(
            FaultException.class,
            fault -> {
              if (fault.kind() != FaultKind.valueOf(kind)) {
                throw new AssertionError("expected " + kind + ", not " + fault.kind(), fault);
              }
            })
        .hasMessageStartingWith(place + ": ");
  }
}
