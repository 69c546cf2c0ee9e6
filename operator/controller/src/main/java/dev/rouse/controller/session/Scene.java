package dev.rouse.controller.session;

import dev.rouse.api.Environment;
import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.SessionStatus.Hands;
import dev.rouse.api.SessionStatus.Harness;
import dev.rouse.api.reference.References;
import dev.rouse.api.reference.References.Backing;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that was observed of a session, before anything is done about it.
 *
 * @param session as read
 * @param references what they lead to
 * @param brains its pods of role brain, whatever their state
 * @param hands its pods of role hands
 * @param brain the pod that {@code status.harness} names; null if there is none
 * @param hand the pod that {@code status.hands} names; null if there is none
 * @param workspace what keeps the volume from being bound; null if nothing
 * @param now when
 */
record Scene(
    Session session,
    References references,
    List<PodView> brains,
    List<PodView> hands,
    @Nullable PodView brain,
    @Nullable PodView hand,
    @Nullable Problem workspace,
    Instant now) {

  Scene {
    brains = List.copyOf(brains);
    hands = List.copyOf(hands);
  }

  Work work() {
    return Work.of(session);
  }

  Optional<SessionStatus> status() {
    return Optional.ofNullable(session.getStatus());
  }

  /** Whether anything of the session may still run. */
  boolean hasPods() {
    return Stream.concat(brains.stream(), hands.stream()).anyMatch(it -> it.exit() == null);
  }

  @Nullable Harness harness() {
    return status().map(SessionStatus::harness).orElse(null);
  }

  @Nullable Hands handsStatus() {
    return status().map(SessionStatus::hands).orElse(null);
  }

  HandsDecision.Situation handsSituation() {
    return new HandsDecision.Situation(
        handsStatus(),
        status().map(SessionStatus::handsWanted).orElse(null),
        hand,
        environment(),
        brains.stream().anyMatch(it -> it.exit() == null),
        workspace,
        work());
  }

  private @Nullable Environment environment() {
    return references.backing().map(Backing::environment).orElse(null);
  }
}
