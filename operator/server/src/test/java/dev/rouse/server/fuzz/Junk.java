package dev.rouse.server.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What clients do not mean: values of other types, missing and unknown fields, broken bytes. */
final class Junk {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Random random;

  Junk(Random random) {
    this.random = random;
  }

  /** The same with one to three faults. */
  JsonNode spoil(JsonNode json) {
    JsonNode spoiled = json.deepCopy();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      List<JsonNode> places = new ArrayList<>();
      places(spoiled, places);
      if (places.isEmpty()) {
        return value();
      }
      spoil(places);
    }
    return spoiled;
  }

  private void spoil(List<JsonNode> places) {
    JsonNode place = places.get(random.nextInt(places.size()));
    switch (place) {
      case ObjectNode object -> {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        String name = names.isEmpty() ? "x" : names.get(random.nextInt(names.size()));
        switch (random.nextInt(5)) {
          case 0 -> object.remove(name);
          case 1 -> object.set(name + "x", value());
          case 2 -> object.set("", value());
          default -> object.set(name, value());
        }
      }
      case ArrayNode array -> {
        if (array.isEmpty() || random.nextInt(3) == 0) {
          array.add(value());
        } else if (random.nextBoolean()) {
          array.add(array.get(random.nextInt(array.size())).deepCopy());
        } else {
          array.set(random.nextInt(array.size()), value());
        }
      }
      default -> throw new IllegalStateException("no place: " + place);
    }
  }

  private static void places(JsonNode json, List<JsonNode> found) {
    if (json.isContainerNode()) {
      found.add(json);
      json.forEach(it -> places(it, found));
    }
  }

  private JsonNode value() {
    return switch (random.nextInt(12)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.booleanNode(random.nextBoolean());
      case 2 -> JSON.numberNode(random.nextLong());
      case 3 -> JSON.numberNode(BigInteger.TEN.pow(400));
      case 4 -> JSON.numberNode(-random.nextDouble());
      case 5 -> JSON.objectNode();
      case 6 -> JSON.arrayNode();
      case 7 -> JSON.arrayNode().add(JSON.objectNode().set("type", JSON.textNode("text")));
      case 8 -> JSON.textNode("");
      case 9 ->
          JSON.textNode("x".repeat(1 + random.nextInt(random.nextInt(50) == 0 ? 2_000_000 : 600)));
      case 10 -> JSON.textNode("\u0000\ud800\u202e");
      default -> nested(1 + random.nextInt(200));
    };
  }

  private static JsonNode nested(int depth) {
    JsonNode inner = JSON.objectNode();
    for (int i = 0; i < depth; i++) {
      inner = JSON.objectNode().set("properties", inner);
    }
    return inner;
  }

  /** No JSON at all, or not quite. */
  byte[] bytes(JsonNode json) {
    String text = json.toString();
    return switch (random.nextInt(8)) {
      case 0 -> new byte[0];
      case 1 ->
          text.substring(0, random.nextInt(text.length() + 1)).getBytes(StandardCharsets.UTF_8);
      case 2 -> (text + text).getBytes(StandardCharsets.UTF_8);
      case 3 -> text.getBytes(StandardCharsets.ISO_8859_1);
      case 4 -> "[".repeat(5_000).getBytes(StandardCharsets.UTF_8);
      case 5 ->
          text.replaceFirst("\\{", "{\"name\":1,\"name\":2,").getBytes(StandardCharsets.UTF_8);
      case 6 -> text.replace(':', (char) random.nextInt(65_536)).getBytes(StandardCharsets.UTF_8);
      default -> {
        byte[] noise = new byte[random.nextInt(200)];
        random.nextBytes(noise);
        yield noise;
      }
    };
  }

  /** For a place in a path, a query or a header: visible characters only, as they stand. */
  String word() {
    return switch (random.nextInt(9)) {
      case 0 -> "%";
      case 1 -> "%00";
      case 2 -> "..";
      case 3 -> "%2e%2e%2f";
      case 4 -> "%F0%9F%99%82";
      case 5 -> "-1";
      case 6 -> "9".repeat(1 + random.nextInt(40));
      case 7 -> "x".repeat(1 + random.nextInt(2_000));
      default -> "{}'\";<>";
    };
  }
}
