package dev.rouse.controller.session;

import dev.rouse.api.Environment;
import dev.rouse.api.SessionStatus.Hands;
import dev.rouse.api.SessionStatus.HandsWanted;
import dev.rouse.controller.event.Note;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
    if (hands != null && hands.uid() != null) {
      String end = end(hands, situation, timing, now);
      if (end == null && situation.pod() != null) {
        return live(hands, situation.pod(), situation, timing, now);
      }
      String text = end == null ? "was removed" : end;
      Hands gone =
          new Hands(
              hands.generation(), null, null, null, text, true, situation.rests() ? null : text);
      String sentence = "hands pod %s: %s".formatted(hands.pod(), text);
      Note note =
          situation.rests()
              ? Note.normal(Happening.HandsGone, sentence)
              : Note.warning(Happening.HandsGone, sentence);
      return next(gone, situation, List.of(note));
    }
    return next(hands, situation, List.of());
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
        && unreadyFor(pod, now).compareTo(timing.handsUnready()) >= 0) {
      return "not ready for %d s".formatted(timing.handsUnready().toSeconds());
    }
    return null;
  }

  private static HandsDecision live(
      Hands hands, PodView pod, Situation situation, Timing timing, Instant now) {
    if (pod.ready() && pod.address() != null) {
      return new HandsDecision(
          new Hands(
              hands.generation(),
              pod.name(),
              pod.uid(),
              "http://%s:%d".formatted(host(pod.address()), PORT),
              null,
              null,
              hands.lastExit()),
          0,
          null,
          null,
          List.of());
    }
    boolean wasReady = hands.address() != null;
    Problem problem = wasReady ? null : problem(pod, situation);
    String reason =
        wasReady ? "not ready at the moment" : problem == null ? "starting" : problem.message();
    return new HandsDecision(
        new Hands(
            hands.generation(),
            pod.name(),
            pod.uid(),
            hands.address(),
            reason,
            null,
            hands.lastExit()),
        0,
        problem,
        wasReady ? timing.handsUnready().minus(unreadyFor(pod, now)).plusMillis(1) : null,
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

  private static HandsDecision next(@Nullable Hands hands, Situation situation, List<Note> notes) {
    int wanted = situation.wanted() == null ? 0 : situation.wanted().generation();
    int known = hands == null ? 0 : hands.generationOrZero();
    // One generation is one pod: a generation that is gone is never started again.
    boolean open = wanted > known || (wanted == known && hands != null && !hands.hasGone());
    if (wanted == 0 || !open || situation.rests() || situation.work().suspended()) {
      return new HandsDecision(hands, 0, null, null, notes);
    }
    Environment environment = situation.environment();
    if (environment == null) {
      return new HandsDecision(
          waiting(hands, wanted, "the session's references do not resolve"), 0, null, null, notes);
    }
    if (environment.getSpec().selfHosted()) {
      // Never asked for by a brain, unless another environment has taken the name.
      return new HandsDecision(
          waiting(
              hands,
              wanted,
              "Environment %s is self-hosted: no sandbox is made for it"
                  .formatted(environment.getMetadata().getName())),
          0,
          null,
          null,
          notes);
    }
    return new HandsDecision(hands, wanted, null, null, notes);
  }

  /** Hands of a generation that have no pod yet. @param before {@code status.hands} as it is */
  static Hands waiting(@Nullable Hands before, int generation, String reason) {
    return new Hands(generation, null, null, null, reason, null, lastExit(before));
  }

  /** Hands whose pod was just created. @param before {@code status.hands} as it is */
  static Hands started(@Nullable Hands before, int generation, PodView pod) {
    return new Hands(generation, pod.name(), pod.uid(), null, "starting", null, lastExit(before));
  }

  private static @Nullable String lastExit(@Nullable Hands before) {
    return before == null ? null : before.lastExit();
  }

  private static Duration unreadyFor(PodView pod, Instant now) {
    return pod.unreadySince() == null ? Duration.ZERO : Duration.between(pod.unreadySince(), now);
  }

  private static String host(String address) {
    return address.contains(":") ? "[" + address + "]" : address;
  }
}
