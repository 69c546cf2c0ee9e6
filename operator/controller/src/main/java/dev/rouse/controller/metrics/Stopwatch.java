package dev.rouse.controller.metrics;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When things of sessions began that have not come to their end. Kept in memory: an operator that
 * was started in between measures from its own first look on.
 */
public final class Stopwatch {

  /** What began, besides pods, which are known by their UID. */
  private static final String CHANGED = "changed";

  private static final String DUE = "due";

  private record Mark(ResourceID session, String what) {}

  private final Map<Mark, Instant> began = new ConcurrentHashMap<>();
  private final Clock clock;

  public Stopwatch(Clock clock) {
    this.clock = clock;
  }

  /** Something of the session has changed, so that it is to be looked at. */
  public void changed(ResourceID session) {
    began.putIfAbsent(new Mark(session, CHANGED), clock.instant());
  }

  /** The session is looked at. @return when the change came that led to it */
  public Instant looked(ResourceID session) {
    return Optional.ofNullable(began.remove(new Mark(session, CHANGED))).orElseGet(clock::instant);
  }

  /** The session needs a brain and has none, since {@code at} if that is news. */
  public void due(ResourceID session, Instant at) {
    began.putIfAbsent(new Mark(session, DUE), at);
  }

  /** The session has a brain's pod, or needs none. @return how long it was due without one */
  public Optional<Duration> served(ResourceID session) {
    return end(new Mark(session, DUE));
  }

  /** Sessions that need a brain and have none. */
  public long dueSessions() {
    return began.keySet().stream().filter(it -> it.what().equals(DUE)).count();
  }

  /** A pod of the session was made. */
  public void made(ResourceID session, String podUid) {
    began.putIfAbsent(new Mark(session, podUid), clock.instant());
  }

  /** A pod is ready, or will never be. @return how long ago it was made, if that was seen */
  public Optional<Duration> settled(ResourceID session, String podUid) {
    return end(new Mark(session, podUid));
  }

  /** The session is gone. */
  public void forget(ResourceID session) {
    began.keySet().removeIf(it -> it.session().equals(session));
  }

  private Optional<Duration> end(Mark mark) {
    return Optional.ofNullable(began.remove(mark))
        .map(since -> Duration.between(since, clock.instant()));
  }
}
