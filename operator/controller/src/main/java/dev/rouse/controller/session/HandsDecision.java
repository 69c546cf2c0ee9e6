package dev.rouse.controller.session;

import dev.rouse.api.Environment;
import dev.rouse.api.SessionStatus.Hands;
import dev.rouse.api.SessionStatus.HandsWanted;
import dev.rouse.controller.event.Note;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What to do about a session's hands. Pure: the same situation gives the same decision.
 *
 * @param hands {@code status.hands} as it is to be, before a start
 * @param start the generation whose pod is to be created; 0: none
 * @param problem what keeps the hands from starting
 * @param again when to look again though nothing changes
 * @param notes what happened
 */
record HandsDecision(
    @Nullable Hands hands,
    int start,
    @Nullable Problem problem,
    @Nullable Duration again,
    List<Note> notes) {

  /** Where the tool server listens; also in the pod's settings. */
  static final int PORT = 8085;

  /**
   * What is there.
   *
   * @param hands {@code status.hands} as it is
   * @param wanted {@code status.handsWanted}
   * @param pod the pod that {@code hands} names; null if that does not exist
   * @param environment what hands are made from; null if references do not resolve
   * @param brainExists whether any pod of the brain still runs
   * @param workspace what keeps the volume from being bound
   */
  record Situation(
      @Nullable Hands hands,
      @Nullable HandsWanted wanted,
      @Nullable PodView pod,
      @Nullable Environment environment,
      boolean brainExists,
      @Nullable Problem workspace,
      Work work) {

    /** Nobody uses hands and nobody is about to: they go, the workspace stays. */
    boolean rests() {
      return !brainExists && !work.goesOn();
    }
  }

  static HandsDecision of(Situation situation, Timing timing, Instant now) {
    Hands hands = situation.hands();
    if (hands == null || hands.uid() == null) {
      return next(hands, situation, timing, now, List.of());
    }
    String end = end(hands, situation, timing, now);
    if (end == null && situation.pod() != null) {
      return live(hands, situation.pod(), situation, timing, now);
    }
    String text = end == null ? "was removed" : end;
    Hands gone =
        situation.rests()
            ? HandsStatus.dismissed(hands, text)
            : HandsStatus.lost(hands, situation.pod(), text, now);
    return next(gone, situation, timing, now, List.of(note(hands, gone, situation)));
  }

  private static Note note(Hands hands, Hands gone, Situation situation) {
    if (gone.failures() != null) {
      return Note.warning(
          Happening.HandsGone,
          "hands pod %s ended before it was ready, with %s%s"
              .formatted(hands.pod(), gone.reason(), wayOut(situation)));
    }
    String sentence = "hands pod %s: %s".formatted(hands.pod(), gone.reason());
    return situation.rests()
        ? Note.normal(Happening.HandsGone, sentence)
        : Note.warning(Happening.HandsGone, sentence);
  }

  /** Why the pod will not come back; null if it may. Unreachable is not gone. */
  private static @Nullable String end(
      Hands hands, Situation situation, Timing timing, Instant now) {
    PodView pod = situation.pod();
    if (pod == null) {
      return "was removed";
    }
    if (pod.exit() != null) {
      return pod.exit().text();
    }
    if (pod.deleting()) {
      return "is being removed";
    }
    if (situation.rests()) {
      return "removed, because the session rests";
    }
    if (hands.address() != null
        && !pod.ready()
        && pod.unreadyFor(now).compareTo(timing.handsUnready()) >= 0) {
      return "not ready for %d s".formatted(timing.handsUnready().toSeconds());
    }
    return null;
  }

  private static HandsDecision live(
      Hands hands, PodView pod, Situation situation, Timing timing, Instant now) {
    if (pod.ready() && pod.address() != null) {
      String address = "http://%s:%d".formatted(host(pod.address()), PORT);
      return new HandsDecision(HandsStatus.ready(hands, pod, address), 0, null, null, List.of());
    }
    if (hands.address() != null) {
      return new HandsDecision(
          HandsStatus.unready(hands, pod, "not ready at the moment"),
          0,
          null,
          timing.handsUnready().minus(pod.unreadyFor(now)).plusMillis(1),
          List.of());
    }
    Problem waits = problem(pod, situation);
    Problem failing = failing(hands, situation);
    return new HandsDecision(
        HandsStatus.unready(hands, pod, waits == null ? "starting" : waits.message()),
        0,
        failing == null ? waits : failing,
        null,
        List.of());
  }

  private static @Nullable Problem problem(PodView pod, Situation situation) {
    if (situation.workspace() != null) {
      return situation.workspace();
    }
    return pod.waiting() == null
        ? null
        : Problem.waiting(
            SessionReason.HandsWaiting,
            "hands pod %s has not started: %s".formatted(pod.name(), pod.waiting()));
  }

  private static HandsDecision next(
      @Nullable Hands hands, Situation situation, Timing timing, Instant now, List<Note> notes) {
    if (situation.rests()) {
      return new HandsDecision(
          hands == null ? null : HandsStatus.rested(hands), 0, null, null, notes);
    }
    Problem failing = failing(hands, situation);
    int wanted = situation.wanted() == null ? 0 : situation.wanted().generation();
    int known = hands == null ? 0 : hands.generationOrZero();
    // One generation is one pod: a generation that is gone is never started again.
    boolean open = wanted > known || (wanted == known && hands != null && !hands.hasGone());
    if (wanted == 0 || !open || situation.work().suspended()) {
      return new HandsDecision(hands, 0, failing, null, notes);
    }
    Environment environment = situation.environment();
    if (environment == null) {
      String reason = "the session's references do not resolve";
      return new HandsDecision(HandsStatus.waiting(hands, wanted, reason), 0, failing, null, notes);
    }
    if (environment.getSpec().selfHosted()) {
      // Never asked for by a brain, unless another environment has taken the name.
      String reason =
          "Environment %s is self-hosted: no sandbox is made for it"
              .formatted(environment.getMetadata().getName());
      return new HandsDecision(HandsStatus.waiting(hands, wanted, reason), 0, failing, null, notes);
    }
    Duration pause = pause(hands, environment, timing, now);
    return pause.isPositive()
        ? new HandsDecision(hands, 0, failing, pause.plusMillis(1), notes)
        : new HandsDecision(hands, wanted, failing, null, notes);
  }

  /** What is left of the pause after hands that failed; none once the Environment was changed. */
  private static Duration pause(
      @Nullable Hands hands, Environment environment, Timing timing, Instant now) {
    return hands == null
            || !Objects.equals(
                hands.environmentGeneration(), environment.getMetadata().getGeneration())
        ? Duration.ZERO
        : Timing.left(timing.backoff(hands.failuresOrZero()), hands.lastExitTime(), now);
  }

  private static @Nullable Problem failing(@Nullable Hands hands, Situation situation) {
    return hands == null || hands.failuresOrZero() < Timing.FAILING
        ? null
        : Problem.stalled(
            SessionReason.HandsFailing,
            "%d hands pods in a row ended before they were ready, the last with %s%s"
                .formatted(hands.failuresOrZero(), hands.lastExit(), wayOut(situation)));
  }

  private static String wayOut(Situation situation) {
    Environment environment = situation.environment();
    return "; "
        + (environment == null
            ? ""
            : "change Environment %s if its image or resources are to blame, which is tried at once; else "
                .formatted(environment.getMetadata().getName()))
        + "see kubectl logs of the next pod, or its Events";
  }

  private static String host(String address) {
    return address.contains(":") ? "[" + address + "]" : address;
  }
}
