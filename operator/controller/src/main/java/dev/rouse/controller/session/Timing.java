package dev.rouse.controller.session;

import dev.rouse.controller.Settings;
import java.time.Duration;

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
    if (failures < 2) {
      return Duration.ZERO;
    }
    // 2^20 times any minimum is above any maximum; more would overflow.
    Duration pause = backoffMin.multipliedBy(1L << Math.min(failures - 2, 20));
    return pause.compareTo(backoffMax) < 0 ? pause : backoffMax;
  }
}
