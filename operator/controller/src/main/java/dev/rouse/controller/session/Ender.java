package dev.rouse.controller.session;

import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Ends pods of a session that its status does not name, and the brain where that was decided. */
final class Ender {

  private final OwnedObjects objects;

  Ender(OwnedObjects objects) {
    this.objects = objects;
  }

  /**
   * Ends them.
   *
   * @param status the operator's part of the status, as written
   * @param endBrain whether the brain itself is to be ended
   * @param written whether {@code status} was written just now, at the version that was read. If
   *     not, the session is read again before a living pod is ended: a cache that lags behind our
   *     own write may not know that the pod is the brain
   * @return false if that other look showed another status, so that everything is to be looked at
   *     again
   */
  boolean end(Scene scene, SessionStatus status, boolean endBrain, boolean written) {
    Session session = scene.session();
    String brain = status.harness() == null ? null : status.harness().uid();
    String hands = status.hands() == null ? null : status.hands().uid();
    List<PodView> superseded =
        Stream.concat(others(scene.brains(), brain), others(scene.hands(), hands)).toList();
    boolean sure =
        written || superseded.stream().allMatch(it -> it.exit() != null) || agrees(session, status);
    if (!sure) {
      return false;
    }
    superseded.forEach(pod -> objects.end(session, pod));
    if (endBrain && scene.brain() != null) {
      objects.end(session, scene.brain());
    }
    return true;
  }

  private boolean agrees(Session session, SessionStatus status) {
    return objects
        .fresh(session)
        .map(it -> StatusWriter.ours(it.getStatus()).equals(status))
        .orElse(false);
  }

  private static Stream<PodView> others(List<PodView> pods, @Nullable String uid) {
    return pods.stream().filter(it -> !it.deleting() && !Objects.equals(it.uid(), uid));
  }
}
