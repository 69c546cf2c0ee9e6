package dev.rouse.api.probe;

import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;

/**
 * One histogram of times for each constant of an enum, which is the value of the label.
 *
 * @param all in the order of the constants
 */
public record Timers<E extends Enum<E>>(List<Timer> all) {

  public Timers {
    all = List.copyOf(all);
  }

  /** Notes a time; one that a clock which was set back makes negative is none. */
  public void note(E value, Duration time) {
    all.get(value.ordinal()).record(time.isNegative() ? Duration.ZERO : time);
  }
}
