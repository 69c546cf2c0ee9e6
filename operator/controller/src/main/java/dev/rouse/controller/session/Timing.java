package dev.rouse.controller.session;

import dev.rouse.controller.Settings;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How long the operator waits for what.
 *
 * @param brainUnready a brain that was ready may not be for so long
 * @param handsUnready hands that were ready may not be for so long
 * @param backoffMin pause after the second failure in a row
 * @param backoffMax the longest pause
 * @param settle after a clean exit, for the status that says that the work is done
 * @param recheck how often something that is not watched is looked at
 */
record Timing(
    Duration brainUnready,
    Duration handsUnready,
    Duration backoffMin,
    Duration backoffMax,
    Duration settle,
    Duration recheck) {

  /** Failures in a row from which on there is a pause after each, and a person is told. */
  static final int FAILING = 2;

  static Timing of(Settings settings) {
    return new Timing(
        settings.brainUnreadyAfter(),
        settings.handsUnreadyAfter(),
        settings.restartBackoffMin(),
        settings.restartBackoffMax(),
        Duration.ofSeconds(1),
        settings.secretRecheck());
  }

  /** The pause after so many failures in a row: none after the first, then doubling. */
  Duration backoff(int failures) {
    if (failures < FAILING) {
      return Duration.ZERO;
    }
    // 2^20 times any minimum is above any maximum; more would overflow.
    Duration pause = backoffMin.multipliedBy(1L << Math.min(failures - FAILING, 20));
    return pause.compareTo(backoffMax) < 0 ? pause : backoffMax;
  }

  /**
   * What is left of a pause. A clock that was set back must not hold up what waits for its end.
   *
   * @param since when it began (RFC 3339); null: long ago
   */
  static Duration left(Duration pause, @Nullable String since, Instant now) {
    if (since == null) {
      return Duration.ZERO;
    }
    Duration passed = Duration.between(Instant.parse(since), now);
    return passed.isNegative() ? Duration.ZERO : pause.minus(passed);
  }
}
