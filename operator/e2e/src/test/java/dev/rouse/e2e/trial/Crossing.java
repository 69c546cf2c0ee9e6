package dev.rouse.e2e.trial;

import static org.awaitility.Awaitility.await;

import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.e2e.wire.Ack;
import dev.rouse.e2e.wire.ApiSession;
import dev.rouse.e2e.wire.StreamFollower;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How long an event takes from its acknowledgement by one server to a stream of another.
 *
 * @param millis sorted; below zero when the stream was faster than the answer
 */
record Crossing(List<Long> millis) {

  /** Sends interrupts, which an idle session notes and nobody works on, and waits for each. */
  static Crossing measure(ApiSession session, StreamFollower follower, int times) {
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      Ack ack = session.send(ApiSession.interrupt());
      await("the event is on the other server's stream")
          .atMost(WorkSession.PATIENCE)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(2))
          .until(() -> follower.known().contains(ack.id()));
      Map<String, Instant> seen =
          follower.seen().stream()
              .collect(
                  Collectors.toMap(
                      event -> event.event().path("id").asText(), StreamFollower.Seen::at));
      millis.add(Duration.between(ack.at(), seen.get(ack.id())).toMillis());
    }
    Collections.sort(millis);
    return new Crossing(List.copyOf(millis));
  }

  @Override
  public String toString() {
    return "%d crossings: p50 %d ms, p95 %d ms, longest %d ms"
        .formatted(millis.size(), percentile(50), percentile(95), millis.getLast());
  }

  private long percentile(int percent) {
    return millis.get((millis.size() - 1) * percent / 100);
  }
}
