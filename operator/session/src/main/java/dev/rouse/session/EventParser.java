package dev.rouse.session;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads events. One whose type comes first, as it does in all that we write, is read without a tree
 * of it: replaying a log is mostly this.
 */
final class EventParser {

  private static final String TYPE = "type";

  /** Where {@link UnknownFields} leaves what it finds. */
  private static final Object EXTRA = new Object();

  private final ObjectMapper plain;
  private final Map<String, ObjectReader> readers = new HashMap<>();

  /**
   * An event.
   *
   * @param extra its fields that this version does not know, by name
   */
  record Parsed(Event event, Map<String, JsonNode> extra) {}

  /**
   * Reads the events of these types, and all others as {@link UnknownEvent}.
   *
   * @param plain reads what they consist of
   */
  EventParser(ObjectMapper plain, Map<String, Class<? extends Event>> types) {
    this.plain = plain;
    types.forEach(
        (name, type) -> readers.put(name, plain.readerFor(type).withHandler(new UnknownFields())));
  }

  /**
   * Reads the event at whose first token the input stands, and leaves it at its last.
   *
   * @throws IllegalArgumentException when it is no object, or lacks what every event has
   */
  Parsed read(JsonParser in) throws IOException {
    if (!in.isExpectedStartObjectToken()) {
      throw new IllegalArgumentException(
          "an event must be a JSON object, not " + in.currentToken());
    }
    @Nullable String type = null;
    if (TYPE.equals(in.nextFieldName()) && in.nextToken() == JsonToken.VALUE_STRING) {
      type = in.getText();
      ObjectReader reader = readers.get(type);
      if (in.nextToken() == JsonToken.FIELD_NAME && reader != null) {
        return read(reader, in);
      }
    }
    ObjectNode object = plain.createObjectNode();
    if (type != null) {
      object.put(TYPE, type);
    }
    if (in.currentToken() == JsonToken.FIELD_NAME) {
      object.setAll((ObjectNode) in.readValueAsTree());
    }
    return read(object);
  }

  private Parsed read(ObjectNode object) throws IOException {
    String type = required(object, TYPE);
    ObjectReader reader = readers.get(type);
    return reader == null
        ? new Parsed(new UnknownEvent(required(object, "id"), type, object), Map.of())
        : read(reader, object.traverse(plain));
  }

  private static Parsed read(ObjectReader reader, JsonParser in) throws IOException {
    Map<String, JsonNode> extra = new LinkedHashMap<>();
    Event event = reader.withAttribute(EXTRA, extra).readValue(in);
    return new Parsed(event, extra);
  }

  private static String required(ObjectNode object, String field) {
    @Nullable JsonNode value = object.get(field);
    if (value == null || !value.isTextual()) {
      throw new IllegalArgumentException("an event needs a string field \"" + field + "\"");
    }
    return value.textValue();
  }

  /** Keeps the fields of an event itself; those of what it consists of are no promise. */
  private static final class UnknownFields extends DeserializationProblemHandler {
    @Override
    @SuppressWarnings("unchecked")
    public boolean handleUnknownProperty(
        DeserializationContext context,
        JsonParser in,
        JsonDeserializer<?> deserializer,
        Object beanOrClass,
        String name)
        throws IOException {
      if (!Event.class.isAssignableFrom(deserializer.handledType()) || TYPE.equals(name)) {
        return false;
      }
      ((Map<String, JsonNode>) context.getAttribute(EXTRA)).put(name, in.readValueAsTree());
      return true;
    }
  }
}
