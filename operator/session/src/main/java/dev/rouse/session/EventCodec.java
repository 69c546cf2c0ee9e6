package dev.rouse.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one JSON form of events and records, for the log, the wire and both internal protocols.
 *
 * <p>Nothing is lost: an unknown type becomes an {@link UnknownEvent}, an unknown field of a known
 * event goes to {@link LogRecord#extra}. Field names are snake_case; an absent value is left out,
 * except where the wire requires a null.
 */
public final class EventCodec {

  /** No event is larger: the longest string that a log record may hold, in characters. */
  private static final int MAX_STRING = 64 * 1024 * 1024;

  private static final Map<String, Class<? extends Event>> BY_TYPE = new HashMap<>();
  private static final Map<Class<?>, String> TYPE_OF = new HashMap<>();
  private static final Map<Class<?>, Set<String>> FIELDS = new HashMap<>();

  /** Writes and reads every value of this package; shared and immutable. */
  public static final ObjectMapper JSON;

  static {
    PropertyNamingStrategies.SnakeCaseStrategy snake =
        new PropertyNamingStrategies.SnakeCaseStrategy();
    leaves(Event.class)
        .filter(type -> type.isAnnotationPresent(EventType.class))
        .forEach(type -> {
          String name = type.getAnnotation(EventType.class).value();
          BY_TYPE.put(name, type.asSubclass(Event.class));
          TYPE_OF.put(type, name);
          FIELDS.put(
              type,
              Arrays.stream(type.getRecordComponents())
                  .map(RecordComponent::getName)
                  .map(snake::translate)
                  .collect(Collectors.toUnmodifiableSet()));
        });
    ObjectMapper plain = plainMapper();
    SimpleModule module = new SimpleModule("rouse-session");
    module.addSerializer(Event.class, new EventSerializer(plain));
    module.addDeserializer(Event.class, new EventDeserializer(plain));
    module.addSerializer(LogRecord.class, new RecordSerializer(plain));
    module.addDeserializer(LogRecord.class, new RecordDeserializer(plain));
    // An event inside an event (rouse.received) follows the same rules.
    plain.registerModule(
        new SimpleModule("rouse-session-nested")
            .addSerializer(UserEvent.class, new EventSerializer(plainMapper()))
            .addSerializer(UnknownEvent.class, new UnknownSerializer())
            .addDeserializer(Event.class, new EventDeserializer(plainMapper())));
    JSON = plainMapper().registerModule(module);
  }

  private EventCodec() {}

  private static ObjectMapper plainMapper() {
    JsonMapper mapper =
        JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxStringLength(MAX_STRING).build());
    return mapper;
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(EventCodec::leaves)
        : Stream.of(type);
  }

  /** The wire name of an event. */
  public static String typeOf(Event event) {
    if (event instanceof UnknownEvent unknown) {
      return unknown.type();
    }
    String type = TYPE_OF.get(event.getClass());
    if (type == null) {
      throw new IllegalArgumentException(event.getClass() + " has no @EventType");
    }
    return type;
  }

  /** Whether this version has a record for this wire name. */
  public static boolean knows(String type) {
    return BY_TYPE.containsKey(type);
  }

  /** An event's JSON, without the record's fields. */
  public static ObjectNode toJson(Event event) {
    return JSON.valueToTree(event);
  }

  /**
   * The event that this JSON object is.
   *
   * @throws IllegalArgumentException when {@code id} or {@code type} is missing, or a field of a
   *     known type has the wrong shape; the message names it
   */
  public static Event fromJson(JsonNode json) {
    try {
      return JSON.treeToValue(json, Event.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  /** RFC 3339 in UTC with microseconds, as every timestamp of the project is written. */
  public static String timestamp(Instant at) {
    return Timestamps.write(at);
  }

  private static Map<String, JsonNode> extraOf(Event event, ObjectNode json) {
    Set<String> known = FIELDS.get(event.getClass());
    if (known == null) {
      return Map.of();
    }
    Map<String, JsonNode> extra = new LinkedHashMap<>();
    json.properties()
        .forEach(field -> {
          if (!known.contains(field.getKey()) && !"type".equals(field.getKey())) {
            extra.put(field.getKey(), field.getValue());
          }
        });
    return extra;
  }

  private static ObjectNode write(ObjectMapper plain, Event event) {
    if (event instanceof UnknownEvent unknown) {
      return unknown.raw().deepCopy();
    }
    ObjectNode json = plain.createObjectNode();
    json.put("type", typeOf(event));
    json.setAll((ObjectNode) plain.valueToTree(event));
    return json;
  }

  private static Event read(ObjectMapper plain, JsonNode json) throws JsonProcessingException {
    if (!(json instanceof ObjectNode object)) {
      throw new IllegalArgumentException(
          "an event must be a JSON object, not " + json.getNodeType());
    }
    String type = required(object, "type");
    Class<? extends Event> known = BY_TYPE.get(type);
    return known == null
        ? new UnknownEvent(required(object, "id"), type, object)
        : plain.treeToValue(object, known);
  }

  private static String required(ObjectNode object, String field) {
    @Nullable JsonNode value = object.get(field);
    if (value == null || !value.isTextual()) {
      throw new IllegalArgumentException("an event needs a string field \"" + field + "\"");
    }
    return value.textValue();
  }

  private static final class EventSerializer extends JsonSerializer<Event> {
    private final ObjectMapper plain;

    EventSerializer(ObjectMapper plain) {
      this.plain = plain;
    }

    @Override
    public void serialize(Event event, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeTree(write(plain, event));
    }
  }

  private static final class UnknownSerializer extends JsonSerializer<UnknownEvent> {
    @Override
    public void serialize(UnknownEvent event, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeTree(event.raw());
    }
  }

  private static final class EventDeserializer extends JsonDeserializer<Event> {
    private final ObjectMapper plain;

    EventDeserializer(ObjectMapper plain) {
      this.plain = plain;
    }

    @Override
    public Event deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return read(plain, in.readValueAsTree());
    }
  }

  private static final class RecordSerializer extends JsonSerializer<LogRecord> {
    private final ObjectMapper plain;

    RecordSerializer(ObjectMapper plain) {
      this.plain = plain;
    }

    @Override
    public void serialize(LogRecord value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeStartObject();
      out.writeNumberField("seq", value.seq());
      out.writeStringField("at", timestamp(value.at()));
      out.writeNumberField("epoch", value.epoch());
      if (value.critical()) {
        out.writeBooleanField("critical", true);
      }
      ObjectNode event = write(plain, value.event());
      event.setAll(value.extra());
      out.writeFieldName("event");
      out.writeTree(event);
      out.writeEndObject();
    }
  }

  private static final class RecordDeserializer extends JsonDeserializer<LogRecord> {
    private final ObjectMapper plain;

    RecordDeserializer(ObjectMapper plain) {
      this.plain = plain;
    }

    @Override
    public LogRecord deserialize(JsonParser in, DeserializationContext context) throws IOException {
      JsonNode json = in.readValueAsTree();
      if (!(json.get("event") instanceof ObjectNode eventJson)) {
        throw new IllegalArgumentException("a log record needs an object field \"event\"");
      }
      Event event = read(plain, eventJson);
      return new LogRecord(
          json.required("seq").longValue(),
          Timestamps.read(json.required("at").textValue()),
          json.required("epoch").intValue(),
          json.path("critical").booleanValue(),
          event,
          extraOf(event, eventJson));
    }
  }
}
