package dev.rouse.controller.session;

import dev.rouse.api.SessionStatus;
import dev.rouse.api.reference.References.Unresolved;
import dev.rouse.controller.condition.Conditions;
import dev.rouse.controller.event.Note;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What people are told after a look at a session. */
final class News {

  private News() {}

  /** All of it, once the status is written. */
  static Stream<Note> of(
      Scene scene,
      BrainDecision brain,
      HandsDecision hands,
      Starter.Started started,
      SessionStatus status) {
    return Stream.of(
            brain.notes().stream(),
            hands.notes().stream(),
            started.notes().stream(),
            readiness(scene, status).stream())
        .flatMap(it -> it);
  }

  private static Optional<Note> readiness(Scene scene, SessionStatus status) {
    Optional<String> before = scene.status().flatMap(it -> ready(it.conditions()));
    Optional<String> now = ready(status.conditions());
    if (before.equals(now)) {
      return Optional.empty();
    }
    if (scene.references() instanceof Unresolved(var _, String message)) {
      return Optional.of(Note.warning(Happening.ReferenceMissing, message));
    }
    return now.filter("True"::equals)
        .map(_ -> Note.normal(Happening.Ready, "references resolve and the log exists"));
  }

  private static Optional<String> ready(List<Condition> all) {
    return all.stream()
        .filter(it -> it.getType().equals(Conditions.READY))
        .findFirst()
        .map(it -> it.getStatus());
  }
}
