package dev.rouse.api.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that a client sent, read strictly: each field is asked for with its type, and what
 * nobody asked for is refused at the end, because clients misspell.
 *
 * <p>Paths are spelled as the wire's own messages do: {@code tools.0.name}.
 */
public final class Body {

  private static final ObjectMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Where an unfinished value began, in the parser's own words, which name its settings. */
  private static final Pattern START = Pattern.compile(" \\(start marker at .*\\)");

  private static final int BRIEF = 64;

  private final ObjectNode json;
  private final String path;
  private final Set<String> asked = new LinkedHashSet<>();

  private Body(ObjectNode json, String path) {
    this.json = json;
    this.path = path;
  }

  /** A whole body. No bytes at all are an empty object. */
  public static Body parse(byte[] bytes) throws InvalidBody {
    if (bytes.length == 0) {
      return new Body(JsonNodeFactory.instance.objectNode(), "");
    }
    try {
      return of("body", STRICT.readTree(bytes), "");
    } catch (StreamConstraintsException e) {
      throw InvalidBody.at(
          "body", "nested too deeply, or a name, number or text in it is too long");
    } catch (JsonProcessingException e) {
      throw InvalidBody.at(
          "body",
          "not JSON at line %d, column %d: %s"
              .formatted(
                  e.getLocation().getLineNr(),
                  e.getLocation().getColumnNr(),
                  START.matcher(e.getOriginalMessage()).replaceFirst("")));
    } catch (IOException e) {
      throw InvalidBody.at("body", "not JSON");
    }
  }

  /** An object somewhere within a body. @param path of the object; empty for a whole body */
  public static Body of(JsonNode json, String path) throws InvalidBody {
    return of(path.isEmpty() ? "body" : path, json, path);
  }

  private static Body of(String shown, JsonNode json, String path) throws InvalidBody {
    if (json instanceof ObjectNode object) {
      return new Body(object, path);
    }
    throw wrongType(shown, "an object", json);
  }

  static InvalidBody wrongType(String path, String wanted, JsonNode found) {
    return InvalidBody.at(path, "must be " + wanted + ", is " + describe(found));
  }

  private static String describe(JsonNode json) {
    return switch (json.getNodeType()) {
      case OBJECT, POJO -> "an object";
      case ARRAY -> "an array";
      case STRING, BINARY -> "a string";
      case NUMBER -> "a number";
      case BOOLEAN -> "a boolean";
      case NULL -> "null";
      case MISSING -> "missing";
    };
  }

  /** What a client sent, short enough for a message. */
  public static String brief(String text) {
    return text.length() > BRIEF
        ? text.substring(
                0,
                text.offsetByCodePoints(0, Math.min(BRIEF, text.codePointCount(0, text.length()))))
            + "…"
        : text;
  }

  /** A field of this object that breaks a rule. @param problem goes on after the field's path */
  public InvalidBody wrong(String name, String problem) {
    return InvalidBody.at(path(name), problem);
  }

  /** This object breaks a rule. @param problem goes on after its path */
  public InvalidBody wrong(String problem) {
    return InvalidBody.at(path.isEmpty() ? "body" : path, problem);
  }

  /** The path of this object; empty for a whole body. */
  String path() {
    return path;
  }

  /** The path of a field of this object. */
  public String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** Whether the field was sent, be it as null. */
  public boolean has(String name) {
    asked.add(name);
    return json.has(name);
  }

  /** The field's value; null if it was not sent or is null. */
  public @Nullable JsonNode value(String name) {
    asked.add(name);
    JsonNode value = json.get(name);
    return value == null || value.isNull() ? null : value;
  }

  /** The field's value, which must be there. */
  public JsonNode required(String name) throws InvalidBody {
    JsonNode value = value(name);
    if (value == null) {
      throw wrong(name, "is required");
    }
    return value;
  }

  /** The field's text; null if it was not sent or is null. */
  public @Nullable String text(String name, int min, int max) throws InvalidBody {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isTextual()) {
      throw wrongType(path(name), "a string", value);
    }
    String text = value.textValue();
    int length = text.codePointCount(0, text.length());
    if (length < min || length > max) {
      throw InvalidBody.at(
          path(name), "must have %d to %d characters, has %d".formatted(min, max, length));
    }
    return text;
  }

  /** The same of a field that must be there. */
  public String requiredText(String name, int min, int max) throws InvalidBody {
    required(name);
    return Objects.requireNonNull(text(name, min, max));
  }

  /** The field's text, which must be there and one of these. */
  public String word(String name, String... words) throws InvalidBody {
    String text = requiredText(name, 0, Integer.MAX_VALUE);
    if (!List.of(words).contains(text)) {
      throw wrong(name, "must be %s, is \"%s\"".formatted(String.join(" or ", words), brief(text)));
    }
    return text;
  }

  /** The same, where empty is as good as absent. */
  public @Nullable String clearableText(String name, int max) throws InvalidBody {
    String text = text(name, 0, max);
    return text == null || text.isEmpty() ? null : text;
  }

  /** The field's value among those of an enum; null if it was not sent or is null. */
  public <E extends Enum<E>> @Nullable E choice(String name, Class<E> type) throws InvalidBody {
    String text = text(name, 0, Integer.MAX_VALUE);
    if (text == null) {
      return null;
    }
    List<String> names = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(text)) {
        return constant;
      }
      names.add(constant.name());
    }
    throw InvalidBody.at(
        path(name), "must be %s, is \"%s\"".formatted(String.join(" or ", names), brief(text)));
  }

  /** The field's boolean; null if it was not sent or is null. */
  public @Nullable Boolean bool(String name) throws InvalidBody {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isBoolean()) {
      throw wrongType(path(name), "a boolean", value);
    }
    return value.booleanValue();
  }

  /** The field's whole number from 1; null if it was not sent or is null. */
  public @Nullable Integer positive(String name) throws InvalidBody {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
      throw InvalidBody.at(path(name), "must be a whole number from 1");
    }
    return value.intValue();
  }

  /** The field's object; empty if it was not sent or is null. */
  public Optional<Body> object(String name) throws InvalidBody {
    JsonNode value = value(name);
    return value == null ? Optional.empty() : Optional.of(of(value, path(name)));
  }

  /** The field's object, which must be there. */
  public Body requiredObject(String name) throws InvalidBody {
    return of(required(name), path(name));
  }

  /** The field's array; empty if it was not sent or is null. */
  public List<JsonNode> array(String name) throws InvalidBody {
    JsonNode value = value(name);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray()) {
      throw wrongType(path(name), "an array", value);
    }
    List<JsonNode> entries = new ArrayList<>();
    value.forEach(entries::add);
    return entries;
  }

  /** The same, of objects. */
  public List<Body> objects(String name) throws InvalidBody {
    List<Body> bodies = new ArrayList<>();
    List<JsonNode> entries = array(name);
    for (int i = 0; i < entries.size(); i++) {
      bodies.add(of(entries.get(i), path(name) + "." + i));
    }
    return bodies;
  }

  /** The same, of {@code min} to {@code max} objects. */
  public List<Body> objects(String name, int min, int max) throws InvalidBody {
    if (min > 0) {
      required(name);
    }
    int size = array(name).size();
    if (size < min || size > max) {
      throw wrong(name, "must have %d to %d entries, has %d".formatted(min, max, size));
    }
    return objects(name);
  }

  /** Refuses a field that speaks of an {@link Absent} part of the contract. Null does no harm. */
  public void refuseLater(String name) throws InvalidBody {
    if (value(name) != null) {
      throw InvalidBody.later(path(name), Absent.ofField(name));
    }
  }

  /** The same of a list, which does no harm either while it is empty. */
  public void refuseLaterEntries(String name) throws InvalidBody {
    JsonNode value = value(name);
    if (value != null && !(value.isArray() && value.isEmpty())) {
      refuseLater(name);
    }
  }

  /** Refuses every field that was not asked for. */
  public void refuseUnknown() throws InvalidBody {
    for (var field : json.properties()) {
      if (!asked.contains(field.getKey())) {
        throw wrong(
            brief(field.getKey()),
            "there is no such field here; known are " + String.join(", ", asked));
      }
    }
  }

  /** The object as it was sent; not to be changed. */
  public ObjectNode json() {
    return json;
  }
}
