package dev.rouse.server.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import dev.rouse.server.MovableClock;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusPaceTest {

  private final MovableClock clock = new MovableClock();
  private final StatusPace pace = new StatusPace(clock, Duration.ofSeconds(5));

  private static Session at(long head) {
    Session session = new Session();
    session.setMetadata(new ObjectMetaBuilder().withUid("u").build());
    session.setStatus(
        new SessionStatus(
            "Running",
            null,
            null,
            null,
            new SessionStatus.LogHead(head, 1L, List.of()),
            null,
            List.of(),
            null,
            null,
            null,
            null,
            null,
            List.of()));
    return session;
  }

  @Test
  void theFirstStatusNeedNotWait() {
    assertThat(pace.untilNext("u")).isZero();
    pace.saw(at(3));
    assertThat(pace.untilNext("u")).isZero();
  }

  @Test
  void waitsFromTheLastStatusOfAnyServer() {
    // Given
    pace.saw(at(3));
    pace.saw(at(4));
    clock.forward(Duration.ofSeconds(2));
    // When the object changes without another head
    pace.saw(at(4));
    // Then
    assertThat(pace.untilNext("u")).isEqualTo(Duration.ofSeconds(3));
    clock.forward(Duration.ofSeconds(3));
    assertThat(pace.untilNext("u")).isZero();
  }

  @Test
  void aClockThatIsSetBackHoldsNothingUp() {
    // Given
    pace.saw(at(3));
    pace.saw(at(4));
    // When
    clock.back(Duration.ofHours(1));
    // Then
    assertThat(pace.untilNext("u")).isZero();
    pace.saw(at(5));
    assertThat(pace.untilNext("u")).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void forgets() {
    // Given
    pace.saw(at(3));
    pace.saw(at(4));
    // When
    pace.forget("u");
    // Then
    assertThat(pace.untilNext("u")).isZero();
  }
}
