package dev.rouse.e2e.kill;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What is left to chance, by a seed that repeats it: the dice of an earlier run are thrown again,
 * while the programs' timing stays their own.
 *
 * @param whole whether everything is run that there is, as {@code make chaos} does
 */
record Lot(long seed, boolean whole) {

  /** As {@code -Drouse.seed} and {@code -Drouse.chaos} say. */
  static Lot ofThisRun() {
    long seed = Long.getLong("rouse.seed", ThreadLocalRandom.current().nextLong(1_000_000));
    return new Lot(seed, Boolean.getBoolean("rouse.chaos"));
  }

  Random random() {
    return new Random(seed);
  }

  /** All of them if everything is run, else so many, drawn. */
  <T> List<T> draw(int count, List<T> all) {
    if (whole) {
      return all;
    }
    List<T> drawn = new ArrayList<>(all);
    Collections.shuffle(drawn, random());
    return drawn.subList(0, Math.min(count, drawn.size()));
  }

  @Override
  public String toString() {
    return "-Drouse.seed=" + seed + (whole ? " -Drouse.chaos=true" : "");
  }
}
