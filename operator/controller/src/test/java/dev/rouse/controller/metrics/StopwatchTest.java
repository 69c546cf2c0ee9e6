package dev.rouse.controller.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class StopwatchTest {

  private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");
  private static final ResourceID ONE = new ResourceID("one", "team");
  private static final ResourceID OTHER = new ResourceID("other", "team");

  private Instant now = START;
  private final Stopwatch watch =
      new Stopwatch(
          new Clock() {
            @Override
            public Instant instant() {
              return now;
            }

            @Override
            public ZoneId getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
              return this;
            }
          });

  private void forward(int seconds) {
    now = now.plusSeconds(seconds);
  }

  @Test
  void aSessionIsDueSinceTheFirstNewsOfIt() {
    // Given
    watch.changed(ONE);
    forward(1);
    watch.changed(ONE);
    forward(1);
    watch.due(ONE, watch.looked(ONE));
    forward(1);
    watch.due(ONE, watch.looked(ONE));
    // When
    Duration due = watch.served(ONE).orElseThrow();
    // Then
    assertThat(due).isEqualTo(Duration.ofSeconds(3));
    assertThat(watch.served(ONE)).isEmpty();
  }

  @Test
  void whoIsDueIsCountedUntilServedOrGone() {
    // Given
    watch.due(ONE, START);
    watch.due(OTHER, START);
    watch.made(ONE, "uid");
    long both = watch.dueSessions();
    watch.served(ONE);
    long one = watch.dueSessions();
    // When
    watch.forget(OTHER);
    // Then
    assertThat(both).isEqualTo(2);
    assertThat(one).isEqualTo(1);
    assertThat(watch.dueSessions()).isZero();
  }

  @Test
  void aPodThatWasNotSeenBeingMadeHasNoTime() {
    // Given
    watch.made(ONE, "uid");
    forward(4);
    // When
    Duration start = watch.settled(ONE, "uid").orElseThrow();
    // Then
    assertThat(start).isEqualTo(Duration.ofSeconds(4));
    assertThat(watch.settled(ONE, "uid")).isEmpty();
    assertThat(watch.settled(ONE, "another")).isEmpty();
  }
}
