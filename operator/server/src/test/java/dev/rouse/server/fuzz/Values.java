package dev.rouse.server.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/** Random values that a schema of the OpenAPI document allows. */
final class Values {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Longer ones are made by {@link Junk}. */
  private static final int LONG = 40;

  private static final String LETTERS = "abcxyzABC019-_. äß漢🙂\"\\\n\t{}<>&%";

  private final JsonNode document;
  private final Random random;
  private final Function<String, Optional<String>> known;

  /**
   * @param known a value for a field of this name that means something to the server; may be empty
   */
  Values(JsonNode document, Random random, Function<String, Optional<String>> known) {
    this.document = document;
    this.random = random;
    this.known = known;
  }

  JsonNode of(JsonNode schema) {
    return of(schema, "");
  }

  private JsonNode of(JsonNode given, String field) {
    JsonNode schema =
        given.has("$ref") ? document.at(given.path("$ref").asText().substring(1)) : given;
    if (schema.has("const")) {
      return schema.path("const");
    }
    if (schema.has("enum")) {
      return pick(schema.path("enum"));
    }
    if (schema.has("oneOf")) {
      return of(pick(schema.path("oneOf")), field);
    }
    String type =
        schema.path("type").isArray()
            ? pick(schema.path("type")).asText()
            : schema.path("type").asText("object");
    return switch (type) {
      case "object" -> object(schema);
      case "array" -> array(schema, field);
      case "string" -> TextNode.valueOf(text(schema, field));
      case "integer" -> JSON.numberNode(schema.path("minimum").asInt(0) + random.nextInt(4));
      case "number" -> JSON.numberNode(random.nextDouble());
      case "boolean" -> JSON.booleanNode(random.nextBoolean());
      default -> JSON.nullNode();
    };
  }

  private JsonNode pick(JsonNode array) {
    return array.get(random.nextInt(array.size()));
  }

  private ObjectNode object(JsonNode schema) {
    ObjectNode object = JSON.objectNode();
    List<String> required = new ArrayList<>();
    schema.path("required").forEach(it -> required.add(it.asText()));
    schema
        .path("properties")
        .properties()
        .forEach(it -> {
          if (required.contains(it.getKey()) || random.nextInt(3) == 0) {
            // An id beside a type is an agent's; that of a model is a name.
            boolean isAgent = it.getKey().equals("id") && schema.path("properties").has("type");
            object.set(it.getKey(), of(it.getValue(), isAgent ? "agent" : it.getKey()));
          }
        });
    JsonNode more = schema.path("additionalProperties");
    for (int i = more.isObject() ? random.nextInt(3) : 0; i > 0; i--) {
      object.set("k" + random.nextInt(20), of(more, ""));
    }
    return object;
  }

  private ArrayNode array(JsonNode schema, String field) {
    int min = schema.path("minItems").asInt(0);
    int max = Math.min(schema.path("maxItems").asInt(3), min + 3);
    ArrayNode array = JSON.arrayNode();
    for (int i = min + random.nextInt(max - min + 1); i > 0; i--) {
      array.add(of(schema.path("items"), field));
    }
    return array;
  }

  /** A text by a schema's rules, or one that means something. */
  String text(JsonNode schema, String field) {
    Optional<String> meant = random.nextInt(10) == 0 ? Optional.empty() : known.apply(field);
    if (meant.isPresent()) {
      return meant.get();
    }
    if (schema.path("format").asText().equals("date-time")) {
      return Instant.now().plusSeconds(random.nextInt(20) - 10).toString();
    }
    if (schema.path("format").asText().equals("uri")) {
      return "https://example.org/" + random.nextInt(100);
    }
    if (schema.path("contentEncoding").asText().equals("base64")) {
      return "aGVsbG8=";
    }
    int min = schema.path("minLength").asInt(0);
    int length = min + random.nextInt(Math.min(schema.path("maxLength").asInt(LONG), LONG));
    return schema.has("pattern") ? plain(Math.max(1, length)) : text(length);
  }

  private String plain(int length) {
    return random
        .ints(length, 0, 26)
        .collect(StringBuilder::new, (to, c) -> to.append((char) ('a' + c)), StringBuilder::append)
        .toString();
  }

  private String text(int length) {
    int[] letters = LETTERS.codePoints().toArray();
    StringBuilder text = new StringBuilder();
    random.ints(length, 0, letters.length).forEach(i -> text.appendCodePoint(letters[i]));
    return text.toString();
  }
}
