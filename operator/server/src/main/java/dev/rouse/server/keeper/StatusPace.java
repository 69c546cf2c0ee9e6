package dev.rouse.server.keeper;

import dev.rouse.api.Session;
import dev.rouse.server.resource.ServerPart;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * How often a status is written that nobody waits for. Counts what any server writes, so that two
 * servers together write no more than one.
 */
final class StatusPace {

  private record Seen(long head, Instant at) {}

  private final Clock clock;
  private final Duration every;
  private final Map<String, Seen> seen = new HashMap<>();

  StatusPace(Clock clock, Duration every) {
    this.clock = clock;
    this.every = every;
  }

  /** Takes in an object as it is now. */
  synchronized void saw(Session session) {
    String uid = session.getMetadata().getUid();
    long head = ServerPart.head(session);
    Seen before = seen.get(uid);
    if (before == null || before.head() != head) {
      seen.put(uid, new Seen(head, before == null ? Instant.MIN : clock.instant()));
    }
  }

  /** How long to wait before the next write; zero if it may be now. */
  synchronized Duration untilNext(String uid) {
    Seen last = seen.get(uid);
    if (last == null || last.at().equals(Instant.MIN)) {
      return Duration.ZERO;
    }
    Duration left = Duration.between(clock.instant(), last.at().plus(every));
    // More than a whole pause is left only when the clock was set back.
    return left.isNegative() || left.compareTo(every) > 0 ? Duration.ZERO : left;
  }

  synchronized void forget(String uid) {
    seen.remove(uid);
  }
}
