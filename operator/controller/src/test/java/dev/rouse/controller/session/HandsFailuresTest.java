package dev.rouse.controller.session;

import static dev.rouse.controller.session.PodViews.NOW;
import static dev.rouse.controller.session.PodViews.TIMING;
import static dev.rouse.controller.session.PodViews.exited;
import static dev.rouse.controller.session.PodViews.pod;
import static dev.rouse.controller.session.PodViews.ready;
import static dev.rouse.controller.session.PodViews.removing;
import static dev.rouse.controller.session.PodViews.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Environment;
import dev.rouse.api.SessionStatus.Hands;
import dev.rouse.api.SessionStatus.HandsWanted;
import dev.rouse.controller.event.Note;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Hands that end before they were ready, as those of an image that cannot run them. */
class HandsFailuresTest {

  private static final Work DUE = new Work(true, true, false, false, 5);
  private static final Work SUSPENDED = new Work(true, true, false, true, 5);
  private static final String MUSL = "exit code 128 (StartError): no such file or directory";
  private static final String WAY_OUT =
      "; change Environment box if its image or resources are to blame, which is tried at once; else"
          + " see kubectl logs of the next pod, or its Events";

  @Test
  void theFirstFailureIsMadeGoodAtOnceAndLaterOnesAfterAPause() {
    // Given
    Hands hands = started(null, 1);
    StringBuilder pauses = new StringBuilder();
    // When
    for (int generation = 1; generation <= 8; generation++) {
      HandsDecision decision = decide(hands, generation + 1, exited(128), NOW);
      pauses.append(decision.start() > 0 ? 0 : decision.again().toSeconds()).append(' ');
      hands = started(decision.hands(), generation + 1);
    }
    // Then
    assertThat(pauses.toString().strip()).isEqualTo("0 10 20 40 80 160 300 300");
  }

  @Test
  void aPauseEnds() {
    // Given
    Hands failed = failed(3);
    // When
    HandsDecision early = decide(failed, 4, null, NOW.plus(Duration.ofSeconds(19)));
    HandsDecision late = decide(failed, 4, null, NOW.plus(Duration.ofSeconds(20)));
    // Then
    assertThat(early.start()).isZero();
    assertThat(early.again()).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1100));
    assertThat(late.start()).isEqualTo(4);
  }

  @Test
  void aPauseChangesNothing() {
    // When
    HandsDecision decision = decide(failed(3), 4, null, NOW.plus(Duration.ofSeconds(5)));
    // Then
    assertThat(decision.hands()).isEqualTo(failed(3));
    assertThat(decision.notes()).isEmpty();
  }

  @Test
  void untilTheBrainAsksAgainNothingIsTimed() {
    // When
    HandsDecision decision = decide(failed(3), 3, null, NOW);
    // Then
    assertThat(decision.start()).isZero();
    assertThat(decision.again()).isNull();
    assertThat(decision.problem().reason()).isEqualTo(SessionReason.HandsFailing);
  }

  @Tag("failure-5")
  @Test
  void aClockThatIsSetBackDoesNotMakeThePauseOfHandsLonger() {
    // When
    HandsDecision decision = decide(failed(3), 4, null, NOW.minus(Duration.ofHours(1)));
    // Then
    assertThat(decision.start()).isEqualTo(4);
  }

  @Test
  void aChangedEnvironmentIsTriedAtOnce() {
    // When
    HandsDecision decision = decide(failed(5), 6, null, DUE, true, box(2), NOW);
    // Then
    assertThat(decision.start()).isEqualTo(6);
  }

  @Test
  void theFirstFailureIsToldWithTheWayOut() {
    // When
    HandsDecision decision = decide(started(null, 1), 1, exited(128, MUSL), NOW);
    // Then
    assertThat(decision.problem()).isNull();
    assertThat(decision.notes())
        .isEqualTo(
            List.of(
                Note.warning(
                    Happening.HandsGone,
                    "hands pod p ended before it was ready, with " + MUSL + WAY_OUT)));
  }

  @Test
  void repeatedFailuresAreStalledWithTheLastEndUntilOneIsReady() {
    // Given
    Hands next = started(failed(2), 3);
    // When
    HandsDecision paused = decide(failed(2), 3, null, NOW);
    HandsDecision starting = decide(next, 3, waiting("ErrImagePull"), NOW);
    HandsDecision working = decide(next, 3, ready(), NOW);
    // Then
    assertThat(paused.problem())
        .isEqualTo(
            Problem.stalled(
                SessionReason.HandsFailing,
                "2 hands pods in a row ended before they were ready, the last with "
                    + MUSL
                    + WAY_OUT));
    assertThat(starting.problem()).isEqualTo(paused.problem());
    assertThat(starting.hands().reason()).contains("ErrImagePull");
    assertThat(working.problem()).isNull();
    assertThat(working.hands().failures()).isNull();
  }

  static Stream<Arguments> ends() {
    return Stream.of(
        Arguments.of("ended with an error", exited(1), false, 3),
        Arguments.of("ended as if all were well", exited(0), false, 3),
        Arguments.of("turned away by the node", exited(null, "Failed (OutOfpods)"), false, 3),
        Arguments.of("had been ready", exited(137), true, null),
        Arguments.of("removed by somebody", null, false, null),
        Arguments.of("being removed, as by a drain", removing(), false, null),
        Arguments.of("removed, and its end was seen", removing(exited(0)), false, null));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ends")
  void whatEndsByItselfBeforeItWasReadyCounts(
      String how, @Nullable PodView pod, boolean wasReady, @Nullable Integer failures) {
    // Given
    Hands third = started(failed(2), 3);
    Hands hands = wasReady ? HandsStatus.ready(third, ready(), "http://10.0.0.1:8085") : third;
    // When
    HandsDecision decision = decide(hands, 3, pod, NOW);
    // Then
    assertThat(decision.hands().failures()).isEqualTo(failures);
  }

  @Test
  void atRestFailuresAreForgotten() {
    // When
    HandsDecision paused = decide(failed(5), 6, null, SUSPENDED, false, box(1), NOW);
    HandsDecision ended =
        decide(started(failed(5), 6), 6, exited(1), SUSPENDED, false, box(1), NOW);
    // Then
    assertThat(paused.hands().failures()).isNull();
    assertThat(paused.problem()).isNull();
    assertThat(ended.hands().failures()).isNull();
    assertThat(decide(paused.hands(), 6, null, NOW).start()).isEqualTo(6);
  }

  @Test
  void anEnvironmentThatIsMissingMeanwhileDoesNotEndThePause() {
    // Given
    Hands waits = decide(failed(3), 4, null, DUE, true, null, NOW).hands();
    // When
    HandsDecision decision = decide(waits, 4, null, NOW);
    // Then
    assertThat(decision.start()).isZero();
    assertThat(decision.again()).isGreaterThan(Duration.ofSeconds(19));
  }

  /** After so many failures, the last just now. */
  private static Hands failed(int failures) {
    return new Hands(failures, null, null, null, MUSL, true, MUSL, NOW.toString(), failures, 1L);
  }

  private static Hands started(@Nullable Hands before, int generation) {
    return HandsStatus.started(before, generation, pod(), box(1));
  }

  private static HandsDecision decide(Hands hands, int wanted, @Nullable PodView pod, Instant now) {
    return decide(hands, wanted, pod, DUE, true, box(1), now);
  }

  private static HandsDecision decide(
      Hands hands,
      int wanted,
      @Nullable PodView pod,
      Work work,
      boolean brain,
      @Nullable Environment environment,
      Instant now) {
    return HandsDecision.of(
        new HandsDecision.Situation(
            hands, new HandsWanted(wanted, "key"), pod, environment, brain, null, work),
        TIMING,
        now);
  }

  private static Environment box(long generation) {
    Environment environment = HandsDecisionTest.box();
    environment.getMetadata().setGeneration(generation);
    return environment;
  }
}
