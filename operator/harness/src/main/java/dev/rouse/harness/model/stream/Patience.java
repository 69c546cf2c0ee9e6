package dev.rouse.harness.model.stream;

import java.time.Duration;

/**
 * How long to wait for a provider that says nothing.
 *
 * @param head for the head of its answer
 * @param idle for the next bytes of a stream, pings included
 */
public record Patience(Duration head, Duration idle) {

  public static final Patience STANDARD =
      new Patience(Duration.ofMinutes(5), Duration.ofMinutes(2));
}
