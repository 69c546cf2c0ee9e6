package dev.rouse.e2e.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.session.Event;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import java.time.Duration;
import java.util.List;

/** What a 2xx promises, and whether it was kept. */
public final class Promises {

  private Promises() {}

  /**
   * Every acknowledged event was received once, if it had to wait, and processed once: in the log,
   * in the history, and for whoever followed.
   */
  public static void assertKept(ApiSession session, StreamFollower follower) {
    List<Event> log = session.work().log().stream().map(LogRecord::event).toList();
    List<String> history =
        session.history().stream().map((JsonNode event) -> event.path("id").asText()).toList();
    assertFollowed(history, follower);
    for (Ack ack : session.acks()) {
      assertThat(log.stream().filter(event -> event.id().equals(ack.id())))
          .as("records of the acknowledged %s", ack)
          .hasSize(1);
      assertThat(log.stream().filter(event -> isReceiptOf(event, ack)).count())
          .as("receipts of the acknowledged %s", ack)
          .isLessThanOrEqualTo(1);
      assertThat(history).as("history, for %s", ack).containsOnlyOnce(ack.id());
      assertThat(follower.known()).as("followed, for %s", ack).containsOnlyOnce(ack.id());
    }
  }

  private static boolean isReceiptOf(Event event, Ack ack) {
    return event instanceof InternalEvent.Received(String _, Event received)
        && received.id().equals(ack.id());
  }

  /** Whoever followed knows the whole history, in its order. */
  public static void assertFollowed(List<String> history, StreamFollower follower) {
    await("the follower has heard of the last event")
        .atMost(WorkSession.PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() ->
            assertThat(follower.known())
                .as("after %d cuts, faults %s", follower.cuts(), follower.faults())
                .endsWith(history.getLast()));
    assertThat(follower.known())
        .as("what a client knows after %d cuts", follower.cuts())
        .containsExactlyElementsOf(history);
    assertThat(follower.faults()).as("faults of the stream").isEmpty();
  }
}
