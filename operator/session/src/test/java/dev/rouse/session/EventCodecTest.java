package dev.rouse.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is read back the same, whatever version wrote it. */
class EventCodecTest {

  static Stream<Class<? extends Event>> eventTypes() {
    return leaves(Event.class)
        .filter(type -> type.isAnnotationPresent(EventType.class))
        .map(type -> type.asSubclass(Event.class));
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(EventCodecTest::leaves)
        : Stream.of(type);
  }

  private static LogRecord record(Event event) {
    return LogRecord.of(3, Instant.parse("2026-03-01T10:00:00.000001Z"), 2, event);
  }

  private static String write(LogRecord record) throws Exception {
    return EventCodec.JSON.writeValueAsString(record);
  }

  private static LogRecord read(String json) throws Exception {
    return EventCodec.JSON.readValue(json, LogRecord.class);
  }

  private static ObjectNode tree(String json) throws Exception {
    return (ObjectNode) EventCodec.JSON.readTree(json);
  }

  @Tag("contract-event-shapes")
  @ParameterizedTest
  @MethodSource("eventTypes")
  void everyTypeComesBackTheSameWithAllFields(Class<? extends Event> type) throws Exception {
    // Given
    LogRecord record = record(Samples.full(type));

    // When
    LogRecord back = read(write(record));

    // Then
    assertThat(back).isEqualTo(record);
    assertThat(write(back)).isEqualTo(write(record));
  }

  @ParameterizedTest
  @MethodSource("eventTypes")
  void everyTypeComesBackTheSameWithoutOptionalFields(Class<? extends Event> type)
      throws Exception {
    // Given
    LogRecord record = record(Samples.sparse(type));

    // When
    LogRecord back = read(write(record));

    // Then
    assertThat(back).isEqualTo(record);
  }

  @Tag("contract-event-unknown")
  @ParameterizedTest
  @MethodSource("eventTypes")
  void unknownFieldsOfEveryTypeAreKept(Class<? extends Event> type) throws Exception {
    // Given
    ObjectNode json = tree(write(record(Samples.full(type))));
    ((ObjectNode) json.get("event"))
        .putObject("from_the_future")
        .put("x", new java.math.BigDecimal("1.50"));

    // When
    LogRecord back = read(json.toString());

    // Then
    assertThat(back.extra()).containsOnlyKeys("from_the_future");
    assertThat(tree(write(back))).isEqualTo(json);
  }

  @ParameterizedTest
  @MethodSource("eventTypes")
  void theOrderOfFieldsSaysNothing(Class<? extends Event> type) throws Exception {
    // Given
    LogRecord record = record(Samples.full(type));
    ObjectNode json = backwards(tree(write(record)));
    json.set("event", backwards((ObjectNode) json.get("event")));

    // When
    LogRecord back = read(json.toString());

    // Then
    assertThat(back).isEqualTo(record);
  }

  private static ObjectNode backwards(ObjectNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    ObjectNode backwards = EventCodec.JSON.createObjectNode();
    names.reversed().forEach(name -> backwards.set(name, object.get(name)));
    return backwards;
  }

  @Tag("contract-event-shapes")
  @ParameterizedTest
  @MethodSource("eventTypes")
  void namesAreTheWiresNames(Class<? extends Event> type) {
    // When
    ObjectNode json = EventCodec.toJson(Samples.full(type));

    // Then
    assertThat(json.fieldNames())
        .toIterable()
        .allMatch(name -> name.matches("[a-z][a-z0-9_]*"))
        .startsWith("type", "id");
    assertThat(EventCodec.knows(json.get("type").textValue())).isTrue();
  }

  @Tag("contract-event-unknown")
  @Test
  void anUnknownTypeIsKeptAsItCame() throws Exception {
    // Given
    String json =
        "{\"seq\":3,\"at\":\"2026-03-01T10:00:00.000001Z\",\"epoch\":2,\"critical\":true,"
            + "\"event\":{\"type\":\"agent.future\",\"id\":\"sevt_1\",\"deep\":{\"n\":null,"
            + "\"l\":[1,2.50,\"x\"]},\"none\":null}}";

    // When
    LogRecord back = read(json);

    // Then
    assertThat(back.event()).isInstanceOf(UnknownEvent.class);
    assertThat(back.critical()).isTrue();
    assertThat(write(back)).isEqualTo(json);
  }

  @Tag("contract-event-shapes")
  @Test
  void whatTheWireWantsAsNullIsWrittenAsNullAndNothingElseIs() {
    // When
    ObjectNode idle =
        EventCodec.toJson(new SessionEvent.StatusIdle("sevt_1", StopReason.END_TURN, null));
    ObjectNode end =
        EventCodec.toJson(new SpanEvent.ModelRequestEnd("sevt_2", "sevt_1", null, ModelUsage.ZERO));
    ObjectNode call =
        EventCodec.toJson(
            new AgentEvent.ToolUse(
                "sevt_3", "bash", EventCodec.JSON.createObjectNode(), null, null, null));

    // Then
    assertThat(idle.get("stop_details").isNull()).isTrue();
    assertThat(idle.get("stop_reason").toString()).isEqualTo("{\"type\":\"end_turn\"}");
    assertThat(end.get("is_error").isNull()).isTrue();
    assertThat(call.fieldNames()).toIterable().containsExactly("type", "id", "name", "input");
  }

  @Test
  void blocksThatAreNotTextPassThrough() throws Exception {
    // Given
    ObjectNode image =
        tree("{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"https://x.example/i\"}}");
    ObjectNode text = tree("{\"type\":\"text\",\"text\":\"hi\",\"citations\":[]}");
    ObjectNode json = tree("{\"type\":\"user.message\",\"id\":\"sevt_1\",\"content\":[]}");
    json.withArray("content").add(image).add(text);

    // When
    Event event = EventCodec.fromJson(json);

    // Then
    assertThat(EventCodec.toJson(event)).isEqualTo(json);
  }

  @Test
  void aReceivedEventKeepsWhatThisVersionDoesNotKnowOfIt() throws Exception {
    // Given
    String json =
        "{\"type\":\"rouse.received\",\"id\":\"sevt_1\",\"event\":{\"type\":\"user.future\","
            + "\"id\":\"sevt_2\",\"x\":1}}";

    // When
    Event event = EventCodec.fromJson(EventCodec.JSON.readTree(json));

    // Then
    assertThat(EventCodec.toJson(event)).hasToString(json);
    assertThat(((InternalEvent.Received) event).event().id()).isEqualTo("sevt_2");
  }

  @Tag("contract-times")
  @Test
  void timesHaveMicrosecondsAlways() {
    assertThat(EventCodec.timestamp(Instant.parse("2026-03-01T10:00:00Z")))
        .isEqualTo("2026-03-01T10:00:00.000000Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "\"text\"",
        "{\"id\":\"sevt_1\"}",
        "{\"type\":\"agent.future\"}",
        "{\"type\":7,\"id\":\"sevt_1\"}",
        "{}",
        "{\"type\":\"user.message\"}",
        "{\"type\":\"user.message\",\"id\":\"sevt_1\",\"content\":\"no list\"}"
      })
  void whatIsNoEventIsRefused(String json) throws Exception {
    // Given
    JsonNode node = EventCodec.JSON.readTree(json);

    // When
    assertThatThrownBy(() -> EventCodec.fromJson(node))
        // Then
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"at\":\"2026-03-01T10:00:00.000001Z\",\"epoch\":2,\"event\":%s}",
        "{\"seq\":3,\"epoch\":2,\"event\":%s}",
        "{\"seq\":3,\"at\":\"2026-03-01T10:00:00.000001Z\",\"event\":%s}",
        "{\"seq\":3,\"at\":\"2026-03-01T10:00:00.000001Z\",\"epoch\":2}",
        "{\"seq\":3,\"at\":\"2026-03-01T10:00:00.000001Z\",\"epoch\":2,\"event\":7}",
        "{\"seq\":\"3\",\"at\":\"2026-03-01T10:00:00.000001Z\",\"epoch\":2,\"event\":%s}"
      })
  void whatIsNoRecordIsRefused(String json) {
    // Given
    String record = json.formatted("{\"type\":\"session.status_running\",\"id\":\"sevt_1\"}");

    // When
    assertThatThrownBy(() -> read(record))
        // Then
        .isInstanceOfAny(JsonProcessingException.class, IllegalArgumentException.class);
  }

  @Test
  void aLargeResultIsNoProblem() throws Exception {
    // Given
    LogRecord record =
        record(
            new AgentEvent.ToolResult(
                "sevt_1", "sevt_0", List.of(ContentBlock.text("x".repeat(21_000_000))), null));

    // When
    LogRecord back = read(write(record));

    // Then
    assertThat(back).isEqualTo(record);
  }

  @Test
  void extraFieldsAreNotShared() {
    assertThat(record(new SessionEvent.StatusRunning("sevt_1")).extra()).isEqualTo(Map.of());
  }
}
