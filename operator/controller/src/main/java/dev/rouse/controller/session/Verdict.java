package dev.rouse.controller.session;

import dev.rouse.api.reference.References;
import dev.rouse.controller.condition.Conditions;
import dev.rouse.controller.condition.Conditions.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a Session's conditions say, from what was observed and decided. Pure. */
final class Verdict {

  private Verdict() {}

  /**
   * The statements, {@code Ready} first.
   *
   * @param key what keeps the model's key from being used; null if nothing is known to
   * @param problems of brain and hands; the first of each kind is told
   */
  static List<Statement> of(
      References references, Work work, @Nullable Problem key, Stream<Problem> problems) {
    if (references instanceof References.Unresolved(References.Reason reason, String message)) {
      return reason.needsPerson()
          ? List.of(Conditions.notReady(reason, message), Conditions.stalled(reason, message))
          : waiting(reason, message);
    }
    if (!work.recorded()) {
      return waiting(
          SessionReason.WaitingForLog, "waiting until the server has begun the session's log");
    }
    if (key != null) {
      return waiting(key.reason(), key.message());
    }
    List<Statement> statements = new ArrayList<>();
    statements.add(
        work.suspended()
            ? Conditions.ready(
                SessionReason.Suspended, "held by spec.suspend; set it to false to go on")
            : Conditions.ready(SessionReason.Accepted, "references resolve and the log exists"));
    List<Problem> all = problems.toList();
    all.stream()
        .filter(it -> !it.needsPerson())
        .findFirst()
        .ifPresent(it -> statements.add(Conditions.reconciling(it.reason(), it.message())));
    all.stream()
        .filter(Problem::needsPerson)
        .findFirst()
        .ifPresent(it -> statements.add(Conditions.stalled(it.reason(), it.message())));
    return statements;
  }

  /** What the server says against a fork: nobody but who made it can change that. */
  static List<Statement> forkRefused(String message) {
    return List.of(
        Conditions.notReady(SessionReason.ForkRefused, message),
        Conditions.stalled(SessionReason.ForkRefused, message));
  }

  private static List<Statement> waiting(Enum<?> reason, String message) {
    return List.of(Conditions.notReady(reason, message), Conditions.reconciling(reason, message));
  }
}
