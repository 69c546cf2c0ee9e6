package dev.rouse.controller.session;

import dev.rouse.api.Environment;
import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.reference.Lookup;
import dev.rouse.api.reference.References;
import dev.rouse.api.reference.References.Backing;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Sees what is there of a session; does nothing about it. */
final class Observer {

  private final Function<Session, Collection<Pod>> cache;
  private final Lookup lookup;
  private final OwnedObjects objects;
  private final Clock clock;

  /**
   * @param cache pods that may be the session's
   */
  Observer(
      Function<Session, Collection<Pod>> cache, Lookup lookup, OwnedObjects objects, Clock clock) {
    this.cache = cache;
    this.lookup = lookup;
    this.objects = objects;
    this.clock = clock;
  }

  Scene observe(Session session) {
    Names names = Names.of(session);
    SessionStatus status = session.getStatus();
    References references = References.resolve(session, lookup);
    List<PodView> pods =
        cache.apply(session).stream()
            .filter(it -> OwnedObjects.isOwned(it, session))
            .map(PodView::of)
            .toList();
    List<PodView> brains =
        pods.stream().filter(it -> names.brainNumber(it.name()).isPresent()).toList();
    List<PodView> hands =
        pods.stream().filter(it -> names.handsGeneration(it.name()).isPresent()).toList();
    PodView brain =
        status == null || status.harness() == null
            ? null
            : find(session, brains, status.harness().pod(), status.harness().uid());
    PodView hand =
        status == null || status.hands() == null
            ? null
            : find(session, hands, status.hands().pod(), status.hands().uid());
    return new Scene(
        session,
        references,
        with(brains, brain),
        with(hands, hand),
        brain,
        hand,
        hand == null || hand.ready() || hand.exit() != null
            ? null
            : workspace(session, references, hand),
        clock.instant());
  }

  /**
   * The pod that the status names. One that the cache does not show is asked for: the cache may lag
   * behind our own create, and a pod that only seems gone must not get a twin.
   */
  private @Nullable PodView find(
      Session session, List<PodView> pods, @Nullable String name, @Nullable String uid) {
    if (name == null || uid == null) {
      return null;
    }
    return pods.stream()
        .filter(it -> it.uid().equals(uid))
        .findFirst()
        .or(() ->
            objects
                .pod(session, name)
                .filter(it -> Objects.equals(it.getMetadata().getUid(), uid))
                .map(PodView::of))
        .orElse(null);
  }

  private static List<PodView> with(List<PodView> pods, @Nullable PodView pod) {
    return pod == null || pods.contains(pod)
        ? pods
        : Stream.concat(pods.stream(), Stream.of(pod)).toList();
  }

  /** Volumes are not watched: they are asked for while hands do not start. */
  private @Nullable Problem workspace(Session session, References references, PodView hand) {
    Environment environment = references.backing().map(Backing::environment).orElse(null);
    if (environment == null || !environment.getSpec().keepsFiles()) {
      return null;
    }
    PersistentVolumeClaim claim = objects.workspace(session);
    if (claim == null
        || claim.getStatus() == null
        || "Bound".equals(claim.getStatus().getPhase())) {
      return null;
    }
    String storageClass = claim.getSpec().getStorageClassName();
    if (storageClass != null && !storageClass.isEmpty()) {
      // Binding takes its time: whether it is stuck the scheduler says, and often why.
      return hand.waiting() == null
          ? null
          : Problem.waiting(
              SessionReason.WorkspacePending,
              "hands pod %s has not started: %s; PersistentVolumeClaim %s of StorageClass %s is not bound: see kubectl describe of it, or create a new Session with an Environment of another spec.workspace.storageClassName, or of ephemeral: true"
                  .formatted(
                      hand.name(), hand.waiting(), claim.getMetadata().getName(), storageClass));
    }
    return Problem.waiting(
        SessionReason.WorkspacePending,
        "PersistentVolumeClaim %s has no StorageClass and the cluster no default: set spec.workspace.storageClassName of Environment %s and create a new Session, or set ephemeral: true there"
            .formatted(claim.getMetadata().getName(), environment.getMetadata().getName()));
  }
}
