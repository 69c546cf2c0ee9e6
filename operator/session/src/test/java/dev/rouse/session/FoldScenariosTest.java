package dev.rouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Logs as data. Each file holds a list of steps: {@code records} are appended, then {@code state}
 * names fields of the state and what they must be. {@code critical: true} and {@code id} may be
 * given for a record; the rest of it is the event.
 */
class FoldScenariosTest {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  static Stream<Arguments> scenarios() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/scenarios"))) {
      return files.sorted().toList().stream()
          .map(file -> Arguments.of(file.getFileName().toString(), file));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void theStateIsWhatTheScenarioSays(String name, Path file) throws IOException {
    // Given
    JsonNode scenario = YAML.readTree(Files.readString(file));
    List<LogRecord> records = new ArrayList<>();

    assertThat(scenario.get("steps")).as("steps of %s", name).isNotEmpty();
    for (JsonNode step : scenario.get("steps")) {
      for (JsonNode record : step.path("records")) {
        records.add(record(records.size(), (ObjectNode) record.deepCopy()));
      }

      // When
      ObjectNode state = describe(Fold.of(records));

      // Then
      step.get("state")
          .properties()
          .forEach(field -> {
            assertThat(state.has(field.getKey())).as("known field %s", field.getKey()).isTrue();
            assertThat(state.get(field.getKey()).toString())
                .as("%s: %s after record %d", name, field.getKey(), records.size() - 1)
                .isEqualTo(field.getValue().toString());
          });
    }
  }

  private static LogRecord record(int seq, ObjectNode json) {
    boolean critical = json.path("critical").asBoolean();
    json.remove("critical");
    if (!json.has("id")) {
      json.put("id", "e" + seq);
    }
    return new LogRecord(
        seq,
        Instant.EPOCH.plusSeconds(seq),
        0,
        critical,
        EventCodec.fromJson(json),
        java.util.Map.of());
  }

  /** The state in words that a scenario can use. */
  private static ObjectNode describe(SessionState state) {
    ObjectNode json = EventCodec.JSON.createObjectNode();
    json.put("head", (int) state.head());
    json.put("epoch", state.epoch());
    json.put("pod", state.podUid());
    json.put("phase", state.phase().title());
    json.put("stopReason", state.stopReason() == null ? null : state.stopReason().type());
    state.transcript().forEach(event -> json.withArray("transcript").add(event.id()));
    json.withArray("open").removeAll();
    state.openToolUses().keySet().forEach(json.withArray("open")::add);
    json.withArray("executable").removeAll();
    json.withArray("denied").removeAll();
    state.openToolUses().values().stream()
        .filter(ToolUse::isExecutable)
        .forEach(use -> json.withArray("executable").add(use.id()));
    state.openToolUses().values().stream()
        .filter(ToolUse::isDenied)
        .forEach(use -> json.withArray("denied").add(use.id()));
    json.withArray("awaited").removeAll();
    state.awaited().forEach(json.withArray("awaited")::add);
    json.withArray("dispatched").removeAll();
    state.openToolUses().values().stream()
        .filter(use -> use.instance() != null)
        .forEach(use -> json.withArray("dispatched").add(use.id() + "@" + use.instance()));
    json.withArray("queued").removeAll();
    state.queued().keySet().forEach(json.withArray("queued")::add);
    json.withArray("transcript");
    json.put("interrupt", state.pendingInterrupt().map(Event::id).orElse(null));
    json.put("openSpan", state.openSpan());
    json.put("inputTokens", (int) state.usage().inputTokens());
    json.put("outputTokens", (int) state.usage().outputTokens());
    json.put("summary", state.summary());
    json.put("past", state.past().entries());
    json.put("pastThrough", (int) state.past().throughSeq());
    json.put("contextTokens", (int) state.contextTokens());
    state.deliveredMessages().stream().sorted().forEach(json.withArray("delivered")::add);
    json.put("wakesSinceProgress", state.wakesSinceProgress());
    json.put("turnOpen", state.isTurnOpen());
    json.put("answerDue", state.isAnswerDue());
    json.put("moved", state.moved());
    json.put("home", state.home());
    json.put("ended", state.terminatedAt() != null);
    json.put("unreadable", state.unreadable());
    json.put("cost", state.listCost().map(cost -> cost.picodollars().toString()).orElse(null));
    json.put("budget", state.budget() == null ? null : state.budget().cents().intValue());
    json.put("budgetReached", state.isBudgetReached());
    json.put("reachedWithOpenSpan", state.isBudgetReached(state.openSpanCharge()));
    return json;
  }
}
