package dev.rouse.api.probe;

import io.micrometer.core.instrument.Counter;
import java.util.List;

/**
 * One counter for each constant of an enum, which is the value of the label.
 *
 * @param all in the order of the constants
 */
public record Counters<E extends Enum<E>>(List<Counter> all) {

  public Counters {
    all = List.copyOf(all);
  }

  /** Counts one. */
  public void count(E value) {
    all.get(value.ordinal()).increment();
  }

  /** Counts so many; a counter never falls, so less than none is none. */
  public void count(E value, double amount) {
    all.get(value.ordinal()).increment(Math.max(0, amount));
  }
}
