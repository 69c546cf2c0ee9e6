package dev.rouse.harness.loop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.rouse.harness.decide.Decider;
import dev.rouse.harness.decide.Step;
import dev.rouse.session.Event;
import dev.rouse.session.EventCodec;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.ToolUse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every rule of {@link Decider}, as data: {@code decide/scenarios.yaml}. */
class DeciderTest {

  @TestFactory
  Stream<DynamicTest> scenarios() throws IOException {
    try (InputStream in = DeciderTest.class.getResourceAsStream("/decide/scenarios.yaml")) {
      JsonNode scenarios = new ObjectMapper(new YAMLFactory()).readTree(in);
      assertThat(scenarios.size()).isGreaterThan(20);
      return StreamSupport.stream(scenarios.spliterator(), false)
          .map(scenario ->
              DynamicTest.dynamicTest(scenario.required("name").asText(), () -> verify(scenario)));
    }
  }

  private static void verify(JsonNode scenario) {
    // Given
    Journal journal = new Journal();
    List<Event> events = new ArrayList<>();
    for (JsonNode event : scenario.required("events")) {
      events.add(event((ObjectNode) event, events.size()));
    }
    for (int seq = 0; seq < events.size(); seq++) {
      journal.add(List.of(LogRecord.of(seq, Instant.EPOCH.plusSeconds(seq), 1, events.get(seq))));
    }

    // When
    Step step = Decider.decide(journal.view());

    // Then
    assertThat(step.getClass().getSimpleName()).isEqualTo(scenario.required("step").asText());
    switch (step) {
      case Step.CallModel(List<Event> takeUp) ->
          assertThat(takeUp).extracting(Event::id).isEqualTo(names(scenario, "takeUp"));
      case Step.Execute(List<ToolUse> run, List<ToolUse> refused) -> {
        assertThat(run).extracting(ToolUse::id).isEqualTo(names(scenario, "run"));
        assertThat(refused).extracting(ToolUse::id).isEqualTo(names(scenario, "refused"));
      }
      case Step.Finish finish -> {
        assertThat(finish.stopReason().type()).isEqualTo(scenario.required("stopReason").asText());
        List<String> awaited = finish.stopReason().eventIds();
        assertThat(awaited == null ? List.of() : awaited).isEqualTo(names(scenario, "awaited"));
        assertThat(finish.interrupt() == null ? null : finish.interrupt().id())
            .isEqualTo(scenario.path("interrupt").asText(null));
        assertThat(finish.takeUp())
            .extracting(Event::id)
            .isEqualTo(names(scenario, "finishTakesUp"));
      }
      case Step.Compact(long limit, List<Event> takeUp) -> {
        assertThat(limit).isEqualTo(scenario.required("limit").asLong());
        assertThat(takeUp).extracting(Event::id).isEqualTo(names(scenario, "takeUp"));
      }
      case Step.Wait _ -> {}
    }
  }

  private static Event event(ObjectNode json, int index) {
    if (json.path("type").asText().equals("received")) {
      return new InternalEvent.Received("r" + index, EventCodec.fromJson(json.get("event")));
    }
    if (!json.has("id")) {
      json.put("id", "e" + index);
    }
    return EventCodec.fromJson(json);
  }

  private static List<String> names(JsonNode scenario, String field) {
    List<String> names = new ArrayList<>();
    scenario.path(field).forEach(name -> names.add(name.asText()));
    return names;
  }
}
