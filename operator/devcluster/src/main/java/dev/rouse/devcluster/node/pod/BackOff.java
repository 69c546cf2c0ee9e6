package dev.rouse.devcluster.node.pod;

import java.time.Duration;
import java.time.Instant;

/**
 * When to try again: at once after the first end, then after a delay that doubles, and from the
 * beginning after something ran well for a while.
 *
 * @param first the first delay
 * @param longest the longest
 * @param forgivenAfter how long a run counts as well
 */
public record BackOff(Duration first, Duration longest, Duration forgivenAfter) {

  /** The kubelet's, for containers that end. */
  public static final BackOff CRASH =
      new BackOff(Duration.ofSeconds(10), Duration.ofMinutes(5), Duration.ofMinutes(10));

  /** For what cannot start yet: mostly an object that another hand is just making. */
  public static final BackOff PREPARATION =
      new BackOff(Duration.ofMillis(100), Duration.ofSeconds(10), Duration.ZERO);

  private static final int MAX_DOUBLINGS = 30;

  /** The delay before the next try after so many failures in a row, counted from 1. */
  Duration delay(int failures) {
    Duration delay = first.multipliedBy(1L << Math.min(Math.max(failures - 1, 0), MAX_DOUBLINGS));
    return delay.compareTo(longest) > 0 ? longest : delay;
  }

  boolean forgiven(Instant startedAt, Instant finishedAt) {
    return Duration.between(startedAt, finishedAt).compareTo(forgivenAfter) >= 0;
  }
}
