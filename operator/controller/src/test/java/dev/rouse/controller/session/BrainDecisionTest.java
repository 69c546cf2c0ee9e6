package dev.rouse.controller.session;

import static dev.rouse.controller.session.PodViews.disrupted;
import static dev.rouse.controller.session.PodViews.exited;
import static dev.rouse.controller.session.PodViews.pod;
import static dev.rouse.controller.session.PodViews.ready;
import static dev.rouse.controller.session.PodViews.removing;
import static dev.rouse.controller.session.PodViews.unready;
import static dev.rouse.controller.session.PodViews.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.SessionStatus.Harness;
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

class BrainDecisionTest {

  private static final Instant NOW = PodViews.NOW;
  private static final Timing TIMING = PodViews.TIMING;
  private static final Work DUE = new Work(true, true, false, false, 5);
  private static final Work IDLE = new Work(true, false, false, false, 5);
  private static final Work SUSPENDED = new Work(true, true, false, true, 5);
  private static final Work ENDED = new Work(true, false, true, false, 5);

  private static final Harness NAMED =
      new Harness("p", "u", 1, null, null, null, 5L, null, List.of());
  private static final Harness WAS_READY =
      new Harness("p", "u", 1, null, null, null, 5L, true, List.of());

  /** What it does in a word: "-" nothing, "start", "end" the pod. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void decides(String name, Harness harness, PodView pod, Work work, String doing, boolean named) {
    // When
    BrainDecision decision = BrainDecision.of(harness, pod, work, TIMING, NOW);
    // Then
    assertThat(decision.start()).as("start").isEqualTo(doing.equals("start"));
    assertThat(decision.end()).as("end").isEqualTo(doing.equals("end"));
    assertThat(decision.harness().uid() != null).as("a pod is named").isEqualTo(named);
  }

  static Stream<Arguments> cases() {
    return Stream.of(
        Arguments.of("nothing to do", null, null, IDLE, "-", false),
        Arguments.of("the first", null, null, DUE, "start", false),
        Arguments.of("suspended before it began", null, null, SUSPENDED, "-", false),
        Arguments.of("terminated", null, null, ENDED, "-", false),
        Arguments.of("starting", NAMED, pod(), DUE, "-", true),
        Arguments.of("waiting for its image", NAMED, waiting("ErrImagePull"), DUE, "-", true),
        Arguments.of("never ready, for hours", NAMED, unready(Duration.ofHours(3)), DUE, "-", true),
        Arguments.of("at work", WAS_READY, ready(), DUE, "-", true),
        Arguments.of("lingering", WAS_READY, ready(), IDLE, "-", true),
        Arguments.of("shortly away", WAS_READY, unready(Duration.ofSeconds(14)), DUE, "-", true),
        Arguments.of("lost", WAS_READY, unready(Duration.ofSeconds(15)), DUE, "start", false),
        Arguments.of("lost at rest", WAS_READY, unready(Duration.ofSeconds(15)), IDLE, "-", false),
        Arguments.of("crashed", WAS_READY, exited(137), DUE, "start", false),
        Arguments.of("ended well", WAS_READY, exited(0), IDLE, "-", false),
        Arguments.of("ended well while due", WAS_READY, exited(0), DUE, "-", false),
        Arguments.of("removed", WAS_READY, null, DUE, "start", false),
        Arguments.of("removed at rest", WAS_READY, null, IDLE, "-", false),
        Arguments.of("being removed", WAS_READY, removing(), DUE, "start", false),
        Arguments.of("being removed at rest", WAS_READY, removing(), IDLE, "-", true),
        Arguments.of("suspended at work", WAS_READY, ready(), SUSPENDED, "end", true),
        Arguments.of("suspended, on its way out", WAS_READY, removing(), SUSPENDED, "-", true),
        Arguments.of("suspended and out", WAS_READY, exited(143), SUSPENDED, "-", false),
        Arguments.of("terminated at work", WAS_READY, ready(), ENDED, "end", true));
  }

  @Test
  void theFirstFailureIsMadeGoodAtOnceAndLaterOnesAfterAPause() {
    // Given a brain whose pods end before they work
    Harness harness = NAMED;
    StringBuilder pauses = new StringBuilder();
    // When
    for (int i = 0; i < 8; i++) {
      BrainDecision decision = BrainDecision.of(harness, exited(70), DUE, TIMING, NOW);
      pauses.append(decision.start() ? 0 : decision.again().toSeconds()).append(' ');
      harness = BrainDecision.started(decision.harness(), pod(), i + 2, 5);
    }
    // Then
    assertThat(pauses.toString().strip()).isEqualTo("0 10 20 40 80 160 300 300");
  }

  @Test
  void aPauseEnds() {
    // Given
    Harness failed = failures(3);
    // When
    BrainDecision early =
        BrainDecision.of(failed, null, DUE, TIMING, NOW.plus(Duration.ofSeconds(19)));
    BrainDecision late =
        BrainDecision.of(failed, null, DUE, TIMING, NOW.plus(Duration.ofSeconds(20)));
    // Then
    assertThat(early.start()).isFalse();
    assertThat(late.start()).isTrue();
  }

  @Tag("failure-5")
  @Test
  void aClockThatIsSetBackDoesNotMakeThePauseLonger() {
    // Given
    Harness failed = failures(3);
    // When
    BrainDecision decision =
        BrainDecision.of(failed, null, DUE, TIMING, NOW.minus(Duration.ofHours(1)));
    // Then
    assertThat(decision.start()).isTrue();
  }

  @Test
  void repeatedFailuresAreStalledWithTheExitCodeUntilOneIsReady() {
    // Given
    Harness failed = failures(2);
    Harness started = BrainDecision.started(failed, pod(), 4, 5);
    // When
    BrainDecision paused = BrainDecision.of(failed, null, DUE, TIMING, NOW);
    BrainDecision starting = BrainDecision.of(started, pod(), DUE, TIMING, NOW);
    BrainDecision working = BrainDecision.of(started, ready(), DUE, TIMING, NOW);
    // Then
    assertThat(paused.problem())
        .satisfies(it -> {
          assertThat(it.needsPerson()).isTrue();
          assertThat(it.reason()).isEqualTo(SessionReason.BrainFailing);
          assertThat(it.message()).contains("exit code 70");
        });
    assertThat(starting.problem()).isEqualTo(paused.problem());
    assertThat(working.problem()).isNull();
  }

  @Test
  void aBrainThatWorkedIsNotCountedAsFailed() {
    // Given a log that moved while it lived
    Work moved = new Work(true, true, false, false, 9);
    Harness second =
        new Harness("p", "u", 2, "exit code 70", NOW.toString(), 1, 5L, null, List.of());
    // When
    BrainDecision decision = BrainDecision.of(second, exited(137), moved, TIMING, NOW);
    // Then
    assertThat(decision.start()).isTrue();
    assertThat(decision.harness().failures()).isNull();
  }

  @Test
  void aBrainThatWasReadyForAWhileIsNotCountedAsFailed() {
    // Given
    Harness ready = new Harness("p", "u", 2, null, null, 1, 5L, true, List.of());
    // When
    BrainDecision longer =
        BrainDecision.of(ready, exited(137), DUE, TIMING, NOW.plus(Duration.ofSeconds(10)));
    BrainDecision shorter =
        BrainDecision.of(ready, exited(137), DUE, TIMING, NOW.plus(Duration.ofSeconds(9)));
    // Then
    assertThat(longer.harness().failures()).isNull();
    assertThat(shorter.harness().failures()).isEqualTo(2);
  }

  @Test
  void evictionAndDrainDoNotCount() {
    // Given
    Harness second =
        new Harness("p", "u", 2, "exit code 70", NOW.toString(), 1, 5L, null, List.of());
    PodView evicted = PodViews.exited(null, "Failed (Evicted)");
    // When
    BrainDecision decision = BrainDecision.of(second, evicted, DUE, TIMING, NOW);
    // Then
    assertThat(decision.harness().failures()).isEqualTo(1);
    assertThat(decision.start()).isTrue();
  }

  @Test
  void aCleanExitWhileDueWaitsForTheStatusThatSaysSo() {
    // Given
    BrainDecision exit = BrainDecision.of(WAS_READY, exited(0), DUE, TIMING, NOW);
    // When
    BrainDecision later =
        BrainDecision.of(exit.harness(), null, DUE, TIMING, NOW.plus(TIMING.settle()));
    // Then
    assertThat(exit.start()).isFalse();
    assertThat(exit.again()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(2));
    assertThat(later.start()).isTrue();
  }

  @Test
  void readinessIsRemembered() {
    // When
    BrainDecision decision = BrainDecision.of(NAMED, ready(), DUE, TIMING, NOW);
    // Then
    assertThat(decision.harness().wasReady()).isTrue();
    assertThat(decision.notes()).isEmpty();
  }

  @Test
  void anUnreadyBrainIsLookedAtAgainWhenItsTimeIsUp() {
    // When
    BrainDecision decision =
        BrainDecision.of(WAS_READY, unready(Duration.ofSeconds(5)), DUE, TIMING, NOW);
    // Then
    assertThat(decision.again()).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(11));
  }

  @Test
  void whatAPodWaitsForIsTold() {
    // When
    BrainDecision decision =
        BrainDecision.of(NAMED, waiting("ErrImagePull: no such image"), DUE, TIMING, NOW);
    // Then
    assertThat(decision.problem())
        .isEqualTo(
            Problem.waiting(
                SessionReason.BrainWaiting,
                "brain pod p has not started: ErrImagePull: no such image"));
  }

  @Test
  void anEndIsRecordedAndTold() {
    // When
    BrainDecision decision = BrainDecision.of(WAS_READY, exited(137), DUE, TIMING, NOW);
    // Then
    assertThat(decision.harness())
        .isEqualTo(
            new Harness(null, null, 1, "exit code 137", NOW.toString(), 1, null, null, List.of()));
    assertThat(decision.notes())
        .isEqualTo(List.of(Note.warning(Happening.BrainEnded, "brain pod p: exit code 137")));
  }

  static Stream<Arguments> endsAndWhoIsToBlame() {
    return Stream.of(
        Arguments.of("removed by somebody", null, List.of("u")),
        Arguments.of("being removed, as by a drain", removing(), List.of("u")),
        Arguments.of("evicted by the kubelet", exited(null, "Failed (Evicted)"), List.of("u")),
        Arguments.of("ended by an eviction's SIGTERM", disrupted(exited(143)), List.of("u")),
        Arguments.of("ended by its own fault", exited(70), List.of()),
        Arguments.of("killed for its memory", exited(137), List.of()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("endsAndWhoIsToBlame")
  void onlyWhatThePodDidItselfCountsAgainstTheSession(
      String how, @Nullable PodView pod, List<String> excused) {
    // When
    BrainDecision decision = BrainDecision.of(WAS_READY, pod, DUE, TIMING, NOW);
    // Then
    assertThat(decision.harness().excused()).isEqualTo(excused);
  }

  @Test
  void theOldestExcusesAreForgotten() {
    // Given
    List<String> many = Stream.iterate(1, n -> n + 1).limit(16).map(n -> "u" + n).toList();
    Harness harness = new Harness("p", "u", 17, null, null, null, 5L, true, many);
    // When
    BrainDecision decision = BrainDecision.of(harness, null, DUE, TIMING, NOW);
    // Then
    assertThat(decision.harness().excused()).hasSize(16).startsWith("u2").endsWith("u");
  }

  @Test
  void theSameSituationWritesNothingNew() {
    // When
    BrainDecision decision = BrainDecision.of(WAS_READY, ready(), DUE, TIMING, NOW);
    // Then
    assertThat(decision.harness()).isEqualTo(WAS_READY);
    assertThat(decision.notes()).isEmpty();
    assertThat(decision.again()).isNull();
  }

  private static Harness failures(int failures) {
    return new Harness(
        null, null, 3, "exit code 70", NOW.toString(), failures, null, null, List.of());
  }
}
