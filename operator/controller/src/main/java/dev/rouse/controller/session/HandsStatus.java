package dev.rouse.controller.session;

import dev.rouse.api.Environment;
import dev.rouse.api.SessionStatus.Hands;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code status.hands} in each state of hands. What it tells of former hands goes from one to the
 * next: an operator that was restarted pauses as long as the one before it would have.
 */
final class HandsStatus {

  private static final Hands NONE = new Hands(null, null, null, null, null, null);

  private HandsStatus() {}

  /** Of a generation that has no pod yet. @param before {@code status.hands} as it is */
  static Hands waiting(@Nullable Hands before, int generation, String reason) {
    Hands known = before == null ? NONE : before;
    return hands(
        known, generation, null, null, reason, known.failures(), known.environmentGeneration());
  }

  /**
   * The pod was just created.
   *
   * @param before {@code status.hands} as it is
   * @param environment that the pod was made from
   */
  static Hands started(
      @Nullable Hands before, int generation, PodView pod, Environment environment) {
    Hands known = before == null ? NONE : before;
    Long madeFrom = environment.getMetadata().getGeneration();
    return hands(known, generation, pod, null, "starting", known.failures(), madeFrom);
  }

  /** The pod is there and may come to be ready. @param reason why it is not */
  static Hands unready(Hands before, PodView pod, String reason) {
    return hands(
        before,
        before.generationOrZero(),
        pod,
        before.address(),
        reason,
        before.failures(),
        before.environmentGeneration());
  }

  /** The pod serves, which makes up for those before it that failed. */
  static Hands ready(Hands before, PodView pod, String address) {
    return hands(
        before,
        before.generationOrZero(),
        pod,
        address,
        null,
        null,
        before.environmentGeneration());
  }

  private static Hands hands(
      Hands before,
      int generation,
      @Nullable PodView pod,
      @Nullable String address,
      @Nullable String reason,
      @Nullable Integer failures,
      @Nullable Long environmentGeneration) {
    return new Hands(
        generation,
        pod == null ? null : pod.name(),
        pod == null ? null : pod.uid(),
        address,
        reason,
        null,
        before.lastExit(),
        before.lastExitTime(),
        failures,
        environmentGeneration);
  }

  /**
   * The pod is gone. It failed if it ended, rather than was removed, before it was seen ready. An
   * eviction counts: a node that turns pods away would else be given one after the other.
   *
   * @param pod null if it does not exist any more
   */
  static Hands lost(Hands before, @Nullable PodView pod, String how, Instant now) {
    boolean failed =
        before.address() == null && pod != null && pod.exit() != null && !pod.deleting();
    return gone(
        before,
        how,
        how,
        now.truncatedTo(ChronoUnit.MILLIS).toString(),
        failed ? before.failuresOrZero() + 1 : null);
  }

  /** The pod is gone because nobody needs it, which is no loss to tell of. */
  static Hands dismissed(Hands before, String how) {
    return gone(before, how, null, null, null);
  }

  private static Hands gone(
      Hands before,
      String how,
      @Nullable String lastExit,
      @Nullable String lastExitTime,
      @Nullable Integer failures) {
    return new Hands(
        before.generation(),
        null,
        null,
        null,
        how,
        true,
        lastExit,
        lastExitTime,
        failures,
        before.environmentGeneration());
  }

  /** Without a pod, and nobody needs one: who comes back need not sit out a pause. */
  static Hands rested(Hands before) {
    return before.failures() == null
        ? before
        : new Hands(
            before.generation(),
            null,
            null,
            null,
            before.reason(),
            before.gone(),
            before.lastExit(),
            before.lastExitTime(),
            null,
            before.environmentGeneration());
  }
}
