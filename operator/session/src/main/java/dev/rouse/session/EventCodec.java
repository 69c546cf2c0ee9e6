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
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
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

  /** Writes and reads every value of this package; shared and immutable. */
  public static final ObjectMapper JSON;

  static {
    leaves(Event.class)
        .filter(type -> type.isAnnotationPresent(EventType.class))
        .forEach(type -> {
          String name = type.getAnnotation(EventType.class).value();
          BY_TYPE.put(name, type.asSubclass(Event.class));
          TYPE_OF.put(type, name);
        });
    ObjectMapper plain = plainMapper();
    // An event inside an event (rouse.received) follows the same rules.
    plain.registerModule(
        new SimpleModule("rouse-session-nested")
            .addSerializer(UserEvent.class, new EventSerializer(plainMapper()))
            .addSerializer(UnknownEvent.class, new UnknownSerializer())
            .addDeserializer(
                Event.class, new EventDeserializer(new EventParser(plainMapper(), BY_TYPE))));
    EventParser events = new EventParser(plain, BY_TYPE);
    SimpleModule module = new SimpleModule("rouse-session");
    module.addSerializer(Event.class, new EventSerializer(plain));
    module.addDeserializer(Event.class, new EventDeserializer(events));
    module.addSerializer(LogRecord.class, new RecordSerializer(plain));
    module.addDeserializer(LogRecord.class, new RecordDeserializer(events));
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

  private static ObjectNode write(ObjectMapper plain, Event event) {
    if (event instanceof UnknownEvent unknown) {
      return unknown.raw().deepCopy();
    }
    ObjectNode json = plain.createObjectNode();
    json.put("type", typeOf(event));
    json.setAll((ObjectNode) plain.valueToTree(event));
    return json;
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
    private final EventParser events;

    EventDeserializer(EventParser events) {
      this.events = events;
    }

    @Override
    public Event deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return events.read(in).event();
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
    private final EventParser events;

    RecordDeserializer(EventParser events) {
      this.events = events;
    }

    @Override
    public LogRecord deserialize(JsonParser in, DeserializationContext context) throws IOException {
      Long seq = null;
      Instant at = null;
      Integer epoch = null;
      boolean critical = false;
      EventParser.Parsed event = null;
      for (String field = in.nextFieldName(); field != null; field = in.nextFieldName()) {
        in.nextToken();
        switch (field) {
          case "seq" -> seq = in.getLongValue();
          case "at" -> at = Timestamps.read(in.getText());
          case "epoch" -> epoch = in.getIntValue();
          case "critical" -> critical = in.getBooleanValue();
          case "event" -> event = events.read(in);
          default -> in.skipChildren();
        }
      }
      EventParser.Parsed parsed = given("event", event);
      return new LogRecord(
          given("seq", seq),
          given("at", at),
          given("epoch", epoch),
          critical,
          parsed.event(),
          parsed.extra());
    }

    private static <T> T given(String field, @Nullable T value) {
      if (value == null) {
        throw new IllegalArgumentException("a log record needs a field \"" + field + "\"");
      }
      return value;
    }
  }
}
