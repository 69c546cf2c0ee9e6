package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.server.TestClient.Answer;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.Event;
import dev.rouse.session.SpanEvent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams in the form that was recorded, and what is previewed on them (contract §2.6, §2.7). */
class EventStreamTest extends WireApiFixture {

  private static final String PREVIEWS =
      "/events/stream?event_deltas%5B%5D=agent.message&event_deltas%5B%5D=agent.thinking";

  @Tag("contract-order-opening")
  @Tag("contract-order-turn")
  @Tag("contract-sse-form")
  @Test
  void aStreamBringsWhatComesAfterItsOpeningInTheRecordedForm() {
    // Given
    try (TestClient.Feed feed = client.open(path + "/events/stream")) {
      // When
      turn("hi");
      // Then
      await("the end of the turn")
          .untilAsserted(() -> assertThat(feed.types()).endsWith("session.status_idle"));
      assertThat(feed.status()).isEqualTo(200);
      assertThat(feed.header("content-type").orElseThrow()).startsWith("text/event-stream");
      assertThat(feed.header("cache-control")).contains("no-cache, no-transform");
      assertThat(feed.lines().getFirst()).isEqualTo(": connected");
      assertThat(feed.types())
          .containsExactly(
              "user.message",
              "span.model_request_start",
              "agent.message",
              "span.model_request_end",
              "session.thread_status_idle",
              "session.usage",
              "session.status_idle");
      assertThat(feed.lines().stream().filter(line -> line.startsWith("event:")))
          .hasSize(7)
          .allMatch("event: message"::equals);
      assertThat(feed.events()).allMatch(event -> event.has("processed_at") && event.has("id"));
      assertThat(feed.lines())
          .as("no line of another kind, such as id or retry")
          .allMatch(line -> line.isEmpty() || line.matches("(event: |data: |:).*"));
    }
  }

  @Tag("contract-deltas")
  @Test
  void aStreamBringsPreviewsOnlyWhereTheyWereAskedFor() throws Exception {
    // Given
    brain.wake();
    try (TestClient.Feed with = client.open(path + PREVIEWS);
        TestClient.Feed without = client.open(path + "/events/stream")) {
      // When
      AgentEvent.Message answer = FakeBrain.message("hi there");
      String span = request();
      showDelta(span, orphan());
      showDelta(span, start(answer.id()));
      showDelta(span, start(answer.id()));
      showDelta(span, delta(answer.id(), "hi "));
      showDelta(span, delta(answer.id(), "the"));
      brain.commit("c", List.of(answer));
      showDelta(span, delta(answer.id(), "too late"));
      brain.commit("d", List.of(end(span)));
      // Then
      await("the end of the request")
          .untilAsserted(() ->
              assertThat(with.types())
                  .containsExactly(
                      "span.model_request_start",
                      "event_start",
                      "event_delta",
                      "event_delta",
                      "agent.message",
                      "span.model_request_end"));
      await("the end of the request")
          .untilAsserted(() ->
              assertThat(without.types())
                  .containsExactly(
                      "span.model_request_start", "agent.message", "span.model_request_end"));
    }
  }

  @Tag("contract-deltas")
  @Test
  void whoComesInTheMiddleOfAMessageGetsItWhole() throws Exception {
    // Given
    brain.wake();
    AgentEvent.Message answer = FakeBrain.message("hi there");
    String span = request();
    showDelta(span, start(answer.id()));
    try (TestClient.Feed feed = client.open(path + PREVIEWS)) {
      await("open").until(() -> feed.lines().contains(": connected"));
      // When
      showDelta(span, delta(answer.id(), "hi "));
      brain.commit("c", List.of(answer, end(span)));
      // Then
      await("the end of the request")
          .untilAsserted(() ->
              assertThat(feed.types()).containsExactly("agent.message", "span.model_request_end"));
    }
  }

  @Tag("contract-deltas")
  @Test
  void theEndOfARequestWithoutAMessageClosesItsPreview() throws Exception {
    // Given
    brain.wake();
    try (TestClient.Feed feed = client.open(path + PREVIEWS)) {
      String failed = request();
      showDelta(failed, start("sevt_never"));
      showDelta(failed, delta("sevt_never", "half"));
      // When: what is left of it comes late
      brain.commit("c", List.of(end(failed)));
      showDelta(failed, delta("sevt_never", "too late"));
      String next = request();
      showDelta(failed, start("sevt_later"));
      showDelta(next, start("sevt_next"));
      // Then
      await("the next request")
          .untilAsserted(() ->
              assertThat(feed.types())
                  .containsExactly(
                      "span.model_request_start",
                      "event_start",
                      "event_delta",
                      "span.model_request_end",
                      "span.model_request_start",
                      "event_start"));
      assertThat(feed.events().getLast().at("/event/id").asText()).isEqualTo("sevt_next");
    }
  }

  @Test
  void previewsMayComeThroughAnotherServerThanTheirRequest() throws Exception {
    // Given
    brain.wake();
    try (InProcessServer second = new InProcessServer(cluster, reviews, store);
        FakeBrain there = new FakeBrain(second.edge.port(), "brain", uid);
        TestClient.Feed feed = client.open(path + PREVIEWS)) {
      there.wake();
      SpanEvent.ModelRequestStart start = new SpanEvent.ModelRequestStart("sevt_span");
      // When
      there.commit("c", List.of(start));
      showDelta(start.id(), start("sevt_next"));
      // Then
      await("the preview")
          .untilAsserted(() ->
              assertThat(feed.types()).containsExactly("span.model_request_start", "event_start"));
    }
  }

  @Tag("contract-stream-deltas")
  @ParameterizedTest
  @ValueSource(strings = {"agent.tool_use", "agent.mesage", ""})
  void previewsOfAnythingElseAreRefused(String type) {
    // When
    Answer answer = client.get(path + "/events/stream?event_deltas%5B%5D=" + type);
    // Then
    assertError(answer, 400, "invalid_request_error");
    assertThat(answer.json().at("/error/message").asText()).startsWith("event_deltas[]:");
  }

  @Tag("contract-stream-deltas")
  @Test
  void moreThanAHundredWishesForPreviewsAreRefused() {
    // Given
    String hundred = "event_deltas%5B%5D=agent.message&".repeat(100);
    String more = hundred + "event_deltas%5B%5D=agent.thinking";
    // When
    Answer answer = client.get(path + "/events/stream?" + more);
    // Then
    assertError(answer, 400, "invalid_request_error");
    try (TestClient.Feed feed = client.open(path + "/events/stream?" + hundred)) {
      assertThat(feed.status()).isEqualTo(200);
    }
  }

  @Tag("contract-sse-end")
  @Test
  void aStreamStaysOpenAtIdleAndBringsTheNextTurn() {
    // Given
    try (TestClient.Feed feed = client.open(path + "/events/stream")) {
      turn("hi");
      await("the end of the first turn")
          .untilAsserted(() -> assertThat(feed.types()).endsWith("session.status_idle"));
      List<String> first = feed.types();
      // When
      cluster.say(uid, "m1", "and now?");
      await("queued").until(() -> server.state(uid).queued().size() == 1);
      List<Event> inputs = List.copyOf(server.state(uid).queued().values());
      assertThat(brain.turn("second", inputs, "this").status()).isEqualTo(200);
      // Then: the same, behind what the message made it say
      await("the second turn")
          .untilAsserted(() ->
              assertThat(feed.types().subList(first.size(), feed.types().size()))
                  .startsWith("session.status_running", "session.thread_status_running")
                  .endsWith(first.toArray(new String[0]))
                  .hasSize(2 + first.size()));
      assertThat(feed.hasEnded()).isFalse();
    }
  }

  @Tag("contract-sse-end")
  @Test
  void aDeletedSessionEndsItsStreamsWithAWord() {
    // Given
    try (TestClient.Feed feed = client.open(path + "/events/stream")) {
      await("open").until(() -> feed.lines().contains(": connected"));
      // When
      cluster.delete(uid);
      // Then
      await("the end").atMost(Duration.ofSeconds(10)).until(feed::hasEnded);
      assertThat(feed.types()).containsExactly("session.deleted");
    }
    assertError(client.get(path), 404, "not_found_error");
  }
}
