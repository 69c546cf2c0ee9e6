package dev.rouse.devcluster.process;

import java.time.Duration;

/**
 * When a child that ended is started again.
 *
 * @param first the pause after the first end
 * @param longest the pause never grows beyond this; it doubles with each end in a row
 * @param healthy whoever ran this long starts again at the first pause
 */
public record RestartPolicy(Duration first, Duration longest, Duration healthy) {

  /**
   * At once, and never slower than every ten seconds: for a cluster somebody watches. A program is
   * ready in two or three: one that ran for five was at work.
   */
  public static final RestartPolicy QUICK =
      new RestartPolicy(Duration.ofMillis(100), Duration.ofSeconds(10), Duration.ofSeconds(5));

  /**
   * The pause before the next start.
   *
   * @param inRow how often it ended without having been healthy in between, at least 1
   */
  Duration pause(int inRow) {
    Duration pause = first.multipliedBy(1L << Math.min(inRow - 1, 20));
    return pause.compareTo(longest) < 0 ? pause : longest;
  }
}
