package dev.rouse.controller.session;

import dev.rouse.api.SessionStatus;
import dev.rouse.api.SessionStatus.Hands;
import dev.rouse.api.SessionStatus.Harness;
import dev.rouse.controller.metrics.PodMeters;
import dev.rouse.controller.metrics.PodMeters.End;
import dev.rouse.controller.metrics.PodMeters.Refusal;
import dev.rouse.controller.metrics.PodMeters.Role;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Counts what became of a session's pods: what the status says after a look and did not say before.
 * A status is written once for each such change, so a change is counted once, however often it is
 * looked at.
 */
final class PodNotes {

  private final PodMeters meters;

  PodNotes(PodMeters meters) {
    this.meters = meters;
  }

  /** A session is looked at: from here on it is known whether it waits for a brain. */
  void observed(Scene scene) {
    ResourceID session = ResourceID.fromResource(scene.session());
    Instant since = meters.watch().looked(session);
    boolean served = scene.harness() != null && scene.harness().uid() != null;
    if (scene.work().goesOn() && !served) {
      meters.watch().due(session, since);
    } else {
      // One whose pod is there was counted when the status named it.
      meters.watch().served(session);
    }
  }

  /** Something could not be made. */
  void refused(Problem problem) {
    if (problem.reason() == SessionReason.NameTaken) {
      meters.refused(Refusal.NAME_TAKEN);
    } else if (problem.reason() == SessionReason.Refused) {
      meters.refused(Refusal.REFUSED);
    }
  }

  /** This status was written. */
  void written(Scene scene, SessionStatus status) {
    ResourceID session = ResourceID.fromResource(scene.session());
    brain(session, scene, status.harness());
    hands(session, scene, status.hands());
  }

  private void brain(ResourceID session, Scene scene, @Nullable Harness after) {
    Harness before = scene.harness();
    String old = before == null ? null : before.uid();
    String now = after == null ? null : after.uid();
    if (old != null && !old.equals(now)) {
      End why = end(scene.brain(), false);
      meters.ended(Role.BRAIN, why);
      meters.watch().settled(session, old);
      if (scene.work().goesOn()) {
        meters.restarted(why);
      }
    }
    if (now != null && !now.equals(old)) {
      meters.created(Role.BRAIN);
      meters.watch().made(session, now);
      meters.watch().served(session).ifPresent(meters::served);
    }
    boolean wasReady = before != null && before.wasReady();
    boolean isReady = after != null && after.wasReady();
    if (now != null && now.equals(old) && isReady && !wasReady) {
      ready(session, Role.BRAIN, now, scene.brain(), scene.now());
    }
  }

  private void hands(ResourceID session, Scene scene, @Nullable Hands after) {
    Hands before = scene.handsStatus();
    String old = before == null ? null : before.uid();
    String now = after == null ? null : after.uid();
    if (old != null && !old.equals(now)) {
      meters.ended(Role.HANDS, end(scene.hand(), scene.handsSituation().rests()));
      meters.watch().settled(session, old);
    }
    if (now != null && !now.equals(old)) {
      meters.created(Role.HANDS);
      meters.watch().made(session, now);
    }
    boolean wasReady = before != null && before.address() != null;
    boolean isReady = after != null && after.address() != null;
    if (now != null && now.equals(old) && isReady && !wasReady) {
      ready(session, Role.HANDS, now, scene.hand(), scene.now());
    }
  }

  private void ready(
      ResourceID session, Role role, String uid, @Nullable PodView pod, Instant now) {
    Optional<Duration> seen = meters.watch().settled(session, uid);
    // Another operator made it: its creation is known to the second.
    Optional<Duration> told =
        Optional.ofNullable(pod).map(it -> Duration.between(it.created(), now));
    seen.or(() -> told).ifPresent(since -> meters.ready(role, since));
  }

  /** Why a pod is not the session's any more. @param unneeded whether it was ended for that */
  static End end(@Nullable PodView pod, boolean unneeded) {
    if (pod == null) {
      return End.REMOVED;
    }
    PodView.Exit exit = pod.exit();
    if (pod.disrupted() || (exit != null && isEviction(exit))) {
      return End.EVICTED;
    }
    if (exit == null && !pod.deleting()) {
      return unneeded ? End.UNNEEDED : End.UNREADY;
    }
    if (pod.deleting() || exit == null) {
      return End.REMOVED;
    }
    if (exit.clean()) {
      return End.DONE;
    }
    return exit.text().contains("(OOMKilled)") ? End.OUT_OF_MEMORY : End.FAILED;
  }

  /** A program that is evicted, as for its use of local disk, may end with a code of its own. */
  private static boolean isEviction(PodView.Exit exit) {
    return exit.code() == null || exit.text().contains("(Evicted)");
  }
}
