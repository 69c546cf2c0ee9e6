package dev.rouse.cli;

import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a session needs of a person. */
final class Need {

  /** In the order in which they are worth a look. */
  private static final Set<String> TROUBLES =
      Set.of(
          "Stalled",
          "LogFull",
          "LogCorrupt",
          "MessageRefused",
          "BudgetRefused",
          "NeedsNewerVersion");

  private Need() {}

  /** In a few words; empty if the session gets on without anybody. */
  static Optional<String> of(Session session) {
    @Nullable SessionStatus status = session.getStatus();
    if (status == null) {
      return Optional.empty();
    }
    for (Condition condition : status.conditions()) {
      if (TROUBLES.contains(condition.getType()) && "True".equals(condition.getStatus())) {
        return Optional.of(condition.getType() + ": " + condition.getMessage());
      }
    }
    if ("requires_action".equals(status.stopReason())) {
      int count =
          status.pendingActionCount() != null
              ? status.pendingActionCount()
              : status.pendingActions().size();
      if (count == 0) {
        // What it waits for is a worker's to do.
        return Optional.empty();
      }
      return Optional.of(
          String.format(Locale.ROOT, "%d answer%s", count, count == 1 ? "" : "s")
              + status.pendingActions().stream()
                  .map(SessionStatus.PendingAction::name)
                  .distinct()
                  .reduce((a, b) -> a + ", " + b)
                  .map(tools -> ": " + tools)
                  .orElse(""));
    }
    return switch (String.valueOf(status.stopReason())) {
      case "retries_exhausted" -> Optional.of("a message: it gave up after errors");
      case "budget_reached" -> Optional.of("more budget");
      default -> Optional.empty();
    };
  }
}
