package dev.rouse.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.server.FakeReviews;
import dev.rouse.server.MovableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CachedReviewsTest {

  private static final Access READ = new Access("team-a", "get", "sessions", null, "review");

  private final MovableClock clock = new MovableClock();
  private final FakeReviews reviews =
      new FakeReviews().person("token", "team-a", "ci").grant("ci", "get sessions", "team-a");
  private final CachedReviews cached = new CachedReviews(reviews, clock);

  private Identity ci() {
    return cached.identify("token", "rouse").orElseThrow();
  }

  @Test
  void asksOnceForATokenUntilItsTimeIsOver() {
    // Given
    ci();
    clock.forward(Duration.ofSeconds(59));
    ci();
    assertThat(reviews.asked()).isEqualTo(1);
    // When
    reviews.forget("token");
    clock.forward(Duration.ofSeconds(1));
    // Then
    assertThat(cached.identify("token", "rouse")).isEmpty();
  }

  @Test
  void keepsAudiencesApart() {
    // Given
    ci();
    // When
    // Then
    assertThat(cached.identify("token", "rouse-brain")).isEmpty();
    assertThat(cached.identify("token", "rouse")).isPresent();
  }

  @Test
  void aBadTokenIsNotAskedForAtEveryCall() {
    // Given
    cached.identify("bad", "rouse");
    // When
    cached.identify("bad", "rouse");
    // Then
    assertThat(reviews.asked()).isEqualTo(1);
    clock.forward(Duration.ofSeconds(5));
    cached.identify("bad", "rouse");
    assertThat(reviews.asked()).isEqualTo(2);
  }

  @Test
  void aRightIsRememberedForTenSecondsOnly() {
    // Given
    Identity ci = ci();
    assertThat(cached.allows(ci, READ)).isTrue();
    reviews.revoke("ci", "get sessions", "team-a");
    clock.forward(Duration.ofSeconds(9));
    assertThat(cached.allows(ci, READ)).isTrue();
    // When
    clock.forward(Duration.ofSeconds(1));
    // Then
    assertThat(cached.allows(ci, READ)).isFalse();
  }

  @Test
  void aClockThatIsSetBackMakesNoRightAndNoTokenLastLonger() {
    // Given
    Identity ci = ci();
    assertThat(cached.allows(ci, READ)).isTrue();
    reviews.revoke("ci", "get sessions", "team-a");
    reviews.forget("token");
    // When
    clock.back(Duration.ofHours(1));
    // Then
    assertThat(cached.allows(ci, READ)).isFalse();
    assertThat(cached.identify("token", "rouse")).isEmpty();
  }

  @Test
  void aMissingRightIsAskedForAgainAtOnce() {
    // Given
    Identity ci = ci();
    Access list = new Access("team-a", "list", "sessions", "events", null);
    assertThat(cached.allows(ci, list)).isFalse();
    // When
    reviews.grant("ci", "list sessions/events", "team-a");
    // Then
    assertThat(cached.allows(ci, list)).isTrue();
  }

  @Test
  void nobodyIsLetInWhileNobodyCanBeAsked() {
    // Given
    reviews.down(true);
    // When
    // Then
    assertThatThrownBy(() -> cached.identify("token", "rouse"))
        .isInstanceOf(ReviewUnavailable.class);
    reviews.down(false);
    assertThat(cached.identify("token", "rouse")).isPresent();
  }

  @Test
  void remembersABoundedNumber() {
    // Given
    ExpiringCache<Integer, Integer> cache = new ExpiringCache<>(clock, 3);
    // When
    for (int i = 0; i < 10; i++) {
      cache.put(i, i, Duration.ofSeconds(1));
    }
    // Then
    assertThat(cache.get(6)).isEmpty();
    assertThat(cache.get(7)).contains(7);
    assertThat(cache.get(9)).contains(9);
  }
}
