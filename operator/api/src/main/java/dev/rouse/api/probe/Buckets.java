package dev.rouse.api.probe;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Upper bounds of a histogram's buckets, by what is measured: each bound is a series of its own.
 */
public enum Buckets {
  /** Calls of a program or a store: 1 ms to 10 s. */
  CALL(
      "PT0.001S PT0.0025S PT0.005S PT0.01S PT0.025S PT0.05S PT0.1S PT0.25S PT0.5S PT1S PT2.5S PT10S"),
  /** Pods, models, whole turns: 100 ms to 10 min. */
  WORK("PT0.1S PT0.25S PT0.5S PT1S PT2.5S PT5S PT10S PT30S PT1M PT2M PT5M PT10M"),
  /** People: 1 s to 7 days. */
  PERSON("PT1S PT10S PT1M PT5M PT15M PT1H PT4H PT12H P1D P3D P7D");

  private final String bounds;

  Buckets(String bounds) {
    this.bounds = bounds;
  }

  Duration[] bounds() {
    Stream<String> each = Arrays.stream(bounds.split(" "));
    return each.map(Duration::parse).toArray(Duration[]::new);
  }
}
