package dev.rouse.controller.session;

import dev.rouse.api.SessionStatus.Harness;
import dev.rouse.controller.event.Note;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to do about a session's brain. Pure: the same situation gives the same decision.
 *
 * @param harness {@code status.harness} as it is to be, before a start
 * @param start whether pod {@code wakes + 1} is to be created
 * @param end whether the pod that {@code harness} names is to be ended
 * @param problem what keeps the brain from working
 * @param again when to look again though nothing changes
 * @param notes what happened
 */
record BrainDecision(
    Harness harness,
    boolean start,
    boolean end,
    @Nullable Problem problem,
    @Nullable Duration again,
    List<Note> notes) {

  private static final Harness NONE = new Harness(null, null, null, null);

  /**
   * Decides.
   *
   * @param harness {@code status.harness} as it is
   * @param pod the pod that it names; null if that does not exist
   */
  static BrainDecision of(
      @Nullable Harness harness, @Nullable PodView pod, Work work, Timing timing, Instant now) {
    Harness known = harness == null ? NONE : harness;
    if (known.uid() == null) {
      return next(known, work, timing, now, List.of());
    }
    String end = end(known, pod, work, timing, now);
    if (end == null && pod != null) {
      return live(known, pod, work, timing, now);
    }
    String text = end == null ? "was removed" : end;
    Harness ended = ended(known, pod, text, work, timing, now);
    boolean expected = !work.goesOn() || (pod != null && pod.exit() != null && pod.exit().clean());
    String sentence = "brain pod %s: %s".formatted(known.pod(), text);
    Note note =
        expected
            ? Note.normal(Happening.BrainEnded, sentence)
            : Note.warning(Happening.BrainEnded, sentence);
    return next(ended, work, timing, now, List.of(note));
  }

  /** Why the pod is not the brain any more; null if it is. */
  private static @Nullable String end(
      Harness harness, @Nullable PodView pod, Work work, Timing timing, Instant now) {
    if (pod == null) {
      return "was removed";
    }
    if (pod.exit() != null) {
      return pod.exit().text();
    }
    if (pod.deleting() && work.goesOn()) {
      return "is being removed";
    }
    if (harness.wasReady()
        && !pod.ready()
        && pod.unreadyFor(now).compareTo(timing.brainUnready()) >= 0) {
      return "not ready for %d s".formatted(timing.brainUnready().toSeconds());
    }
    return null;
  }

  private static BrainDecision live(
      Harness harness, PodView pod, Work work, Timing timing, Instant now) {
    Harness seen = pod.ready() && !harness.wasReady() ? with(harness, true) : harness;
    boolean end = (work.suspended() || work.ended()) && !pod.deleting();
    List<Note> notes =
        end && work.suspended()
            ? List.of(Note.normal(Happening.Suspended, "spec.suspend is true: the brain is ended"))
            : List.of();
    Duration again =
        seen.wasReady() && !pod.ready()
            ? timing.brainUnready().minus(pod.unreadyFor(now)).plusMillis(1)
            : null;
    return new BrainDecision(seen, false, end, problem(seen, pod), again, notes);
  }

  private static @Nullable Problem problem(Harness harness, PodView pod) {
    if (pod.ready() || pod.deleting()) {
      return null;
    }
    if (harness.failuresOrZero() >= Timing.FAILING) {
      return failing(harness);
    }
    return pod.waiting() == null
        ? null
        : Problem.waiting(
            SessionReason.BrainWaiting,
            "brain pod %s has not started: %s".formatted(pod.name(), pod.waiting()));
  }

  private static BrainDecision next(
      Harness harness, Work work, Timing timing, Instant now, List<Note> notes) {
    if (!work.goesOn()) {
      return new BrainDecision(harness, false, false, null, null, notes);
    }
    Duration rest = Timing.left(pause(harness, timing), harness.lastExitTime(), now);
    boolean failing = harness.failuresOrZero() >= Timing.FAILING;
    if (rest.isPositive()) {
      return new BrainDecision(
          harness, false, false, failing ? failing(harness) : null, rest.plusMillis(1), notes);
    }
    return new BrainDecision(harness, true, false, failing ? failing(harness) : null, null, notes);
  }

  private static Duration pause(Harness harness, Timing timing) {
    Duration backoff = timing.backoff(harness.failuresOrZero());
    boolean clean = harness.lastExit() != null && harness.lastExit().startsWith("exit code 0");
    return clean && backoff.isZero() ? timing.settle() : backoff;
  }

  private static Problem failing(Harness harness) {
    return Problem.stalled(
        SessionReason.BrainFailing,
        "%d brain pods in a row ended before they worked, the last with %s; see kubectl logs of the next one, or its Events"
            .formatted(harness.failuresOrZero(), harness.lastExit()));
  }

  /**
   * The harness without its pod. A pod failed if its program ended by itself and not with 0, while
   * there was work, without having worked: the log did not move while it lived, nor was it ready
   * for as long as the shortest pause.
   */
  private static Harness ended(
      Harness harness, @Nullable PodView pod, String text, Work work, Timing timing, Instant now) {
    PodView.Exit exit = pod == null ? null : pod.exit();
    boolean byItself = exit != null && exit.code() != null && !exit.clean();
    boolean moved = harness.startHead() != null && work.head() > harness.startHead();
    boolean lived =
        harness.wasReady()
            && pod != null
            && Duration.between(pod.created(), now).compareTo(timing.backoffMin()) >= 0;
    boolean failed = byItself && work.goesOn() && !moved && !lived;
    boolean blameless = exit == null || exit.code() == null;
    int failures = failed ? harness.failuresOrZero() + 1 : blameless ? harness.failuresOrZero() : 0;
    return new Harness(
        null,
        null,
        harness.wakes(),
        text,
        now.truncatedTo(ChronoUnit.MILLIS).toString(),
        failures == 0 ? null : failures,
        null,
        null,
        isExcused(pod) ? with(harness.excused(), harness.uid()) : harness.excused());
  }

  /** Whether a pod was taken away, rather than ended by what it did. */
  private static boolean isExcused(@Nullable PodView pod) {
    return pod == null
        || pod.deleting()
        || pod.disrupted()
        || (pod.exit() != null && pod.exit().code() == null);
  }

  private static List<String> with(List<String> excused, @Nullable String uid) {
    if (uid == null || excused.contains(uid)) {
      return excused;
    }
    List<String> all = new ArrayList<>(excused);
    all.add(uid);
    return all.subList(Math.max(0, all.size() - Harness.MAX_EXCUSED), all.size());
  }

  /** {@code harness} with the pod that was created for it. */
  static Harness started(Harness harness, PodView pod, int number, long head) {
    return new Harness(
        pod.name(),
        pod.uid(),
        number,
        harness.lastExit(),
        harness.lastExitTime(),
        harness.failures(),
        head,
        null,
        harness.excused());
  }

  private static Harness with(Harness it, boolean ready) {
    return new Harness(
        it.pod(),
        it.uid(),
        it.wakes(),
        it.lastExit(),
        it.lastExitTime(),
        it.failures(),
        it.startHead(),
        ready,
        it.excused());
  }
}
