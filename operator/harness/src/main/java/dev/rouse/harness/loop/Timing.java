package dev.rouse.harness.loop;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long the loop waits, and how often it tries.
 *
 * @param linger how long a resting brain stays for the next input
 * @param serverPatience how long the server may be away before the brain gives up
 * @param serverRetry back-off towards server and hands
 * @param modelAttempts the most requests for one answer
 * @param modelRetry back-off towards the model
 * @param deltaEvery how often previews are sent
 */
public record Timing(
    Duration linger,
    Duration serverPatience,
    Backoff serverRetry,
    int modelAttempts,
    Backoff modelRetry,
    Duration deltaEvery) {

  /** The shipped values. */
  public static Timing standard(Duration linger) {
    return new Timing(
        linger,
        Duration.ofMinutes(10),
        new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5)),
        8,
        new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1)),
        Duration.ofMillis(100));
  }

  /** Exponential back-off with full jitter: anything between nothing and the doubled step. */
  public record Backoff(Duration first, Duration most) {

    /**
     * How long to wait after a failed try.
     *
     * @param failures how many tries failed so far, from 1
     */
    public Duration delay(int failures, RandomGenerator random) {
      long ceiling = most.toMillis();
      long step = first.toMillis() << Math.min(failures - 1, 20);
      return Duration.ofMillis(random.nextLong(Math.min(step, ceiling) + 1));
    }
  }
}
