package dev.rouse.cli;

import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Says how far something has come that takes longer than two seconds, about once a second. */
final class Meter {

  private static final Duration QUIET = Duration.ofSeconds(2);
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final PrintWriter err;
  private final Clock clock;
  private final String what;
  private Instant next;

  /**
   * @param what precedes the count: {@code "exported"}
   */
  Meter(PrintWriter err, Clock clock, String what) {
    this.err = err;
    this.clock = clock;
    this.what = what;
    this.next = clock.instant().plus(QUIET);
  }

  /** So many records of so many are done. */
  void at(long done, long of) {
    Instant now = clock.instant();
    if (!now.isBefore(next)) {
      err.printf("%s %d of %d records%n", what, done, of);
      err.flush();
      next = now.plus(EVERY);
    }
  }
}
