package dev.rouse.harness.model.stream;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** The header {@code retry-after}: seconds, or a date (RFC 9110 §10.2.3). */
final class RetryAfter {

  /** A wish for more than this is met by giving the provider this long. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private RetryAfter() {}

  /** How long the provider wants to be left alone, or null if it says nothing readable. */
  static @Nullable Duration of(String value, Clock clock) {
    Duration wait;
    try {
      wait = Duration.ofMillis(Math.round(Double.parseDouble(value.strip()) * 1000));
    } catch (NumberFormatException e) {
      try {
        ZonedDateTime until =
            ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME);
        wait = Duration.between(clock.instant(), until.toInstant());
      } catch (DateTimeException none) {
        return null;
      }
    }
    if (wait.isNegative()) {
      return null;
    }
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }
}
