package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Streams in the form that was recorded (contract §2.6). */
class EventStreamTest extends WireApiFixture {

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
    }
  }

  @Tag("contract-deltas")
  @Test
  void aStreamBringsPreviewsOnlyWhereTheyWereAskedFor() throws Exception {
    // Given
    brain.wake();
    try (TestClient.Feed with =
            client.open(path + "/events/stream?event_deltas%5B%5D=agent.message");
        TestClient.Feed without = client.open(path + "/events/stream")) {
      // When
      var answer = FakeBrain.message("hi there");
      showDelta(orphan());
      showDelta(start(answer.id()));
      showDelta(delta(answer.id(), "hi "));
      showDelta(delta(answer.id(), "the"));
      brain.commit("c", List.of(answer));
      showDelta(delta(answer.id(), "too late"));
      brain.commit("d", List.of(FakeBrain.message("next")));
      // Then
      await("both messages")
          .untilAsserted(() ->
              assertThat(with.types())
                  .containsExactly(
                      "event_start",
                      "event_delta",
                      "event_delta",
                      "agent.message",
                      "agent.message"));
      await("both messages").until(() -> without.types().size() == 2);
      assertThat(without.types()).containsOnly("agent.message");
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
