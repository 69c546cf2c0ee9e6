package dev.rouse.controller.session;

import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.SessionStatus.Hands;
import dev.rouse.api.SessionStatus.HandsWanted;
import dev.rouse.api.SessionStatus.Harness;
import dev.rouse.api.reference.References.Backing;
import dev.rouse.controller.event.Note;
import dev.rouse.controller.isolation.IsolationReason;
import dev.rouse.controller.isolation.PolicyKeeper;
import dev.rouse.controller.isolation.PolicyKeeper.Protection;
import dev.rouse.controller.provider.KeyState;
import dev.rouse.controller.session.OwnedObjects.Claim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Creates the pods and the volume that were decided on, by claiming their names, and keeps the
 * namespace's policies while there are pods.
 */
final class Starter {

  private final KubernetesClient client;
  private final OwnedObjects objects;
  private final PolicyKeeper policies;
  private final PodTemplates templates;
  private final Consumer<Pod> created;

  /**
   * @param policies come first: no pod of ours runs in a namespace without them
   * @param created told of every pod that was created
   */
  Starter(
      KubernetesClient client,
      OwnedObjects objects,
      PolicyKeeper policies,
      PodTemplates templates,
      Consumer<Pod> created) {
    this.client = client;
    this.objects = objects;
    this.policies = policies;
    this.templates = templates;
    this.created = created;
  }

  /**
   * What became of it.
   *
   * @param brain {@code status.harness} with the brain's pod, if one was started
   * @param hands {@code status.hands} with the hands' pod, or with the reason why there is none, if
   *     one was to be started
   * @param key what keeps the model's key from being used
   * @param problem a name that is taken, or an object that is refused
   * @param notes what happened
   */
  record Started(
      Optional<Harness> brain,
      Optional<Hands> hands,
      Optional<Problem> key,
      Optional<Problem> problem,
      List<Note> notes) {}

  Started start(Scene scene, BrainDecision brain, HandsDecision hands) {
    Attempt attempt = new Attempt(scene);
    Optional<Backing> backing = scene.references().backing();
    boolean startsBrain = backing.isPresent() && brain.start() && scene.work().recorded();
    HandsWanted wanted =
        backing.isPresent() && hands.start() > 0
            ? scene.status().map(SessionStatus::handsWanted).orElse(null)
            : null;
    Protection protection =
        startsBrain || wanted != null || scene.hasPods()
            ? policies.protect(scene.session().getMetadata().getNamespace())
            : new Protection.InForce();
    switch (protection) {
      case Protection.InForce _ -> {
        if (startsBrain) {
          attempt.brain(brain.harness(), backing.orElseThrow());
        }
        if (wanted != null) {
          attempt.hands(hands.hands(), wanted, backing.orElseThrow());
        }
      }
      case Protection.Missing(IsolationReason reason, String message) -> {
        attempt.refused(reason, message);
        if (wanted != null) {
          attempt.waiting(hands.hands(), wanted, message);
        }
      }
    }
    return attempt.outcome();
  }

  private final class Attempt {
    private final Session session;
    private final long head;
    private final List<Note> notes = new ArrayList<>();
    private Optional<Harness> brain = Optional.empty();
    private Optional<Hands> hands = Optional.empty();
    private Optional<Problem> key = Optional.empty();
    private Optional<Problem> problem = Optional.empty();

    Attempt(Scene scene) {
      this.session = scene.session();
      this.head = scene.work().head();
    }

    Started outcome() {
      return new Started(brain, hands, key, problem, List.copyOf(notes));
    }

    /** The key is looked at right before it is needed: a pod without it would only wait. */
    void brain(Harness before, Backing backing) {
      switch (KeyState.of(client, backing.provider())) {
        case KeyState.Missing missing ->
            key = Optional.of(Problem.waiting(missing.reason(), missing.message()));
        case KeyState.Found _, KeyState.NotNeeded _ -> {
          int number = before.wakesOrZero() + 1;
          Pod desired = BrainPod.desired(session, number, backing, templates.brain());
          switch (objects.claim(session, templates.logging(desired))) {
            case Claim.Ours<Pod>(Pod pod, boolean _) -> {
              created.accept(pod);
              brain = Optional.of(BrainDecision.started(before, PodView.of(pod), number, head));
              notes.add(
                  Note.normal(
                      Happening.BrainStarted, "created brain pod " + pod.getMetadata().getName()));
            }
            case Claim.Refused<Pod>(SessionReason reason, String message) ->
                refused(reason, message);
          }
        }
      }
    }

    void hands(@Nullable Hands before, HandsWanted wanted, Backing backing) {
      Optional<PersistentVolumeClaim> workspace =
          HandsPod.workspace(session, backing.environment());
      if (workspace.isPresent()
          && objects.claim(session, workspace.get())
              instanceof
              Claim.Refused<PersistentVolumeClaim>(SessionReason reason, String message)) {
        refused(reason, message);
        waiting(before, wanted, message);
        return;
      }
      Pod desired = HandsPod.desired(session, wanted, backing.environment(), templates.hands());
      switch (objects.claim(session, templates.logging(desired))) {
        case Claim.Ours<Pod>(Pod pod, boolean _) -> {
          created.accept(pod);
          hands =
              Optional.of(
                  HandsStatus.started(
                      before, wanted.generation(), PodView.of(pod), backing.environment()));
          notes.add(
              Note.normal(
                  Happening.HandsStarted, "created hands pod " + pod.getMetadata().getName()));
        }
        case Claim.Refused<Pod>(SessionReason reason, String message) -> {
          refused(reason, message);
          waiting(before, wanted, message);
        }
      }
    }

    /** Hands without a pod, and why. */
    void waiting(@Nullable Hands before, HandsWanted wanted, String message) {
      hands = Optional.of(HandsStatus.waiting(before, wanted.generation(), message));
    }

    /** What was to be made is not there, and this session says why. */
    void refused(Enum<?> reason, String message) {
      problem = Optional.of(Problem.waiting(reason, message));
    }
  }
}
