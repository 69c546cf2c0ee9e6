package dev.rouse.server.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of one JSON object of a request. Every refusal names the field's path, what was
 * expected and what was found; what nobody has asked for is unknown, see {@link #end}.
 */
final class Fields {

  private static final ObjectReader JSON =
      EventCodec.JSON.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final ObjectNode json;
  private final String path;
  private final Set<String> asked = new LinkedHashSet<>();

  private Fields(ObjectNode json, String path) {
    this.json = json;
    this.path = path;
  }

  /** The object that a request's body is. */
  static Fields ofBody(byte[] body) throws WireError {
    try {
      return of(JSON.readTree(body), "");
    } catch (JsonProcessingException e) {
      throw WireError.invalid("the body is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw WireError.invalid("the body cannot be read");
    }
  }

  /** The object that stands at this path. */
  static Fields of(JsonNode json, String path) throws WireError {
    if (json instanceof ObjectNode object) {
      return new Fields(object, path);
    }
    throw wrong(path.isEmpty() ? "body" : path, "an object", json);
  }

  /** Where this object stands in the body; empty for the body itself. */
  String path() {
    return path;
  }

  /** Where a field of this object stands. */
  String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  ObjectNode json() {
    return json;
  }

  /** A value that is there, and is not null. */
  Optional<JsonNode> value(String name) {
    asked.add(name);
    return Optional.ofNullable(json.get(name)).filter(value -> !value.isNull());
  }

  /** Whether the field is there, with null or any other value. */
  boolean has(String name) {
    asked.add(name);
    return json.has(name);
  }

  JsonNode required(String name, String expected) throws WireError {
    return value(name)
        .orElseThrow(() ->
            WireError.invalid(
                "%s: expected %s, found %s"
                    .formatted(at(name), expected, json.has(name) ? "null" : "nothing")));
  }

  /** A text of {@code min} to {@code max} characters; empty if there is none. */
  Optional<String> text(String name, int min, int max) throws WireError {
    Optional<JsonNode> value = value(name);
    return value.isEmpty() ? Optional.empty() : Optional.of(text(at(name), value.get(), min, max));
  }

  /** A text that must be there. */
  String requiredText(String name, int min, int max) throws WireError {
    return text(at(name), required(name, "a string"), min, max);
  }

  private static String text(String path, JsonNode value, int min, int max) throws WireError {
    if (!value.isTextual()) {
      throw wrong(path, "a string", value);
    }
    int length = value.textValue().length();
    if (length < min || length > max) {
      throw WireError.invalid(
          "%s: expected %d to %d characters, found %d".formatted(path, min, max, length));
    }
    return value.textValue();
  }

  /** One of these words. */
  String oneOf(String name, String... words) throws WireError {
    String expected = String.join(" or ", words);
    JsonNode value = required(name, expected);
    if (!value.isTextual()) {
      throw wrong(at(name), expected, value);
    }
    if (!List.of(words).contains(value.textValue())) {
      throw WireError.invalid(
          "%s: expected %s, found \"%s\"".formatted(at(name), expected, brief(value.textValue())));
    }
    return value.textValue();
  }

  /** A truth value; empty if there is none. */
  Optional<Boolean> flag(String name) throws WireError {
    Optional<JsonNode> value = value(name);
    if (value.isPresent() && !value.get().isBoolean()) {
      throw wrong(at(name), "true or false", value.get());
    }
    return value.map(JsonNode::booleanValue);
  }

  /** A whole number from 1; empty if there is none. */
  Optional<Integer> number(String name) throws WireError {
    Optional<JsonNode> value = value(name);
    if (value.isPresent() && !value.get().isIntegralNumber()) {
      throw wrong(at(name), "a whole number", value.get());
    }
    if (value.isPresent() && (!value.get().canConvertToInt() || value.get().intValue() < 1)) {
      throw WireError.invalid(
          "%s: expected a number from 1, found %s".formatted(at(name), value.get().asText()));
    }
    return value.map(JsonNode::intValue);
  }

  /** An object; empty if there is none. */
  Optional<Fields> object(String name) throws WireError {
    Optional<JsonNode> value = value(name);
    return value.isEmpty() ? Optional.empty() : Optional.of(of(value.get(), at(name)));
  }

  /** An object that must be there. */
  Fields requiredObject(String name) throws WireError {
    return of(required(name, "an object"), at(name));
  }

  /** The objects of an array of {@code min} to {@code max}; none if there is no array. */
  List<Fields> objects(String name, int min, int max) throws WireError {
    Optional<JsonNode> value = value(name);
    if (value.isEmpty() && min == 0) {
      return List.of();
    }
    JsonNode array = required(name, "an array");
    if (!array.isArray()) {
      throw wrong(at(name), "an array", array);
    }
    if (array.size() < min || array.size() > max) {
      throw WireError.invalid(
          "%s: expected %d to %d entries, found %d".formatted(at(name), min, max, array.size()));
    }
    List<Fields> all = new ArrayList<>();
    for (JsonNode entry : array) {
      all.add(of(entry, at(name) + "[" + all.size() + "]"));
    }
    return all;
  }

  /**
   * Refuses a part of the contract that this version does not have; null and what is empty are
   * accepted.
   */
  void notYet(String name) throws WireError {
    Optional<JsonNode> value = value(name);
    if (value.isPresent() && !(value.get().isContainerNode() && value.get().isEmpty())) {
      throw WireError.invalid(at(name) + ": not available yet; leave it out");
    }
  }

  /** Refuses fields that nobody has asked for: clients misspell. */
  void end() throws WireError {
    for (String name : (Iterable<String>) json::fieldNames) {
      if (!asked.contains(name)) {
        throw WireError.invalid(
            "%s: unknown field; known are %s".formatted(at(brief(name)), String.join(", ", asked)));
      }
    }
  }

  /** A value of the wrong type. */
  static WireError wrong(String path, String expected, JsonNode found) {
    String type =
        switch (found.getNodeType()) {
          case ARRAY -> "an array";
          case OBJECT, POJO -> "an object";
          case BOOLEAN -> "true or false";
          case NUMBER -> "a number";
          case STRING, BINARY -> "a string";
          case NULL -> "null";
          case MISSING -> "nothing";
        };
    return WireError.invalid(
        "%s: expected %s, found %s".formatted(path, expected, type.toLowerCase(Locale.ROOT)));
  }

  /** What a client sent, for a message. */
  static String brief(String text) {
    return text.length() > 64 ? text.substring(0, 64) + "…" : text;
  }
}
