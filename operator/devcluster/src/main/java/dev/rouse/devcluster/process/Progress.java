package dev.rouse.devcluster.process;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;

/** Where the steps of a run are told to whoever watches: one line a step. */
@FunctionalInterface
public interface Progress {

  /** Says nothing: for tests and callers that look for themselves. */
  Progress SILENT = text -> {};

  /** Tells one step. May be called from any thread. */
  void step(String text);

  /** Prints each step behind the seconds since this method was called. */
  static Progress timed(PrintStream out, InstantSource clock) {
    Instant start = clock.instant();
    return text -> {
      double seconds = Duration.between(start, clock.instant()).toMillis() / 1000.0;
      out.println(String.format(Locale.ROOT, "%6.1f s  %s", seconds, text));
      out.flush();
    };
  }
}
