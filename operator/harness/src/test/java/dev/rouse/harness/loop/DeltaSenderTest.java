package dev.rouse.harness.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.harness.fake.Bench;
import dev.rouse.harness.fake.FakeServer;
import dev.rouse.harness.fake.Life;
import dev.rouse.harness.fake.ScriptedModel;
import dev.rouse.session.AgentEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Previews: in order, in batches, a prefix of the message, and never in anybody's way. */
@Timeout(30)
class DeltaSenderTest {

  private final Bench bench = Bench.of(Bench.ALL_TOOLS);
  private final FakeServer server =
      new FakeServer(bench.session, bench.hands, "pod-1", Life.immortal());

  private static List<JsonNode> sent(FakeServer server) {
    return server.deltas.stream().flatMap(batch -> batch.events().stream()).toList();
  }

  private static String text(List<JsonNode> sent) {
    StringBuilder text = new StringBuilder();
    sent.stream()
        .filter(event -> event.path("type").asText().equals("event_delta"))
        .forEach(event -> text.append(event.at("/delta/content/text").asText()));
    return text.toString();
  }

  @Test
  void piecesAreGatheredAndSentInOrder() {
    // Given
    try (DeltaSender deltas = new DeltaSender(server, 4, "sevt_span", Duration.ofMillis(20))) {
      // When
      deltas.started("agent.message", "sevt_1");
      deltas.text("sevt_1", 0, "Hel");
      deltas.text("sevt_1", 0, "lo");
      deltas.text("sevt_1", 1, "!");

      // Then
      await("all is sent").until(() -> text(sent(server)).equals("Hello!"));
    }
    assertThat(sent(server).getFirst().toString())
        .isEqualTo(
            "{\"type\":\"event_start\",\"event\":{\"type\":\"agent.message\",\"id\":\"sevt_1\"}}");
    assertThat(sent(server).getLast().toString())
        .isEqualTo(
            "{\"type\":\"event_delta\",\"event_id\":\"sevt_1\",\"delta\":{"
                + "\"type\":\"content_delta\",\"index\":1,"
                + "\"content\":{\"type\":\"text\",\"text\":\"!\"}}}");
    assertThat(server.deltas)
        .allMatch(batch -> batch.epoch() == 4 && "sevt_span".equals(batch.span()))
        .hasSizeLessThan(4);
  }

  @Test
  void afterTooMuchNothingMoreIsSent() {
    // Given: nothing leaves within the batch's time.
    try (DeltaSender deltas = new DeltaSender(server, 1, "sevt_span", Duration.ofMillis(200))) {
      // When
      deltas.text("sevt_1", 0, "x".repeat(300_000));
      deltas.text("sevt_1", 0, "tail");
    }

    // Then
    assertThat(text(sent(server))).isEmpty();
  }

  @Tag("contract-deltas")
  @Test
  void thinkingAndTheMessageArePreviewedInOrderUnderTheIdsThatTheyWillHave() {
    // Given
    bench.session.message("hello");
    AtomicReference<FakeServer> shown = new AtomicReference<>();
    Bench.Pod pod =
        bench.pod((_, listener) -> {
          listener.thinking();
          listener.text(0, "hi");
          await("the preview is shown").until(() -> text(sent(shown.get())).equals("hi"));
          return ScriptedModel.thought(ScriptedModel.says("hi"));
        });
    shown.set(pod.server());

    // When
    pod.run();

    // Then
    String thinking = bench.session.events(AgentEvent.Thinking.class).getFirst().id();
    String message = bench.session.events(AgentEvent.Message.class).getFirst().id();
    assertThat(sent(pod.server()))
        .extracting(
            event -> event.path("type").asText(),
            event -> event.at("/event/type").asText(),
            event -> event.path("event_id").asText(event.at("/event/id").asText()))
        .containsExactly(
            tuple("event_start", "agent.thinking", thinking),
            tuple("event_start", "agent.message", message),
            tuple("event_delta", "", message));
  }

  @Test
  void aServerThatTakesNoPreviewsChangesNothing() {
    // Given
    bench.session.message("hello");
    Bench.Pod pod =
        bench.pod((_, listener) -> {
          listener.text(0, "hi");
          return ScriptedModel.says("hi");
        });
    pod.server().withoutDeltas();

    // When
    pod.run();

    // Then
    assertThat(bench.session.types()).endsWith("session.status_idle");
  }
}
