package dev.rouse.server.resource;

import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.SessionStatus.HandsWanted;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The server's part of {@code Session.status}: the fields and conditions that are its to write. */
public final class ServerPart {

  /** No new input is taken, for the log has reached its limit. */
  public static final String LOG_FULL = "LogFull";

  /** The log holds something that only a newer version understands. */
  public static final String NEEDS_NEWER_VERSION = "NeedsNewerVersion";

  /** An entry of {@code spec.messages} could not be delivered. */
  public static final String MESSAGE_REFUSED = "MessageRefused";

  /** {@code spec.budget} cannot be: the budget before it stays in force. */
  public static final String BUDGET_REFUSED = "BudgetRefused";

  /** The session is to end, and waits for the work under way. */
  public static final String ARCHIVE_WAITS = "ArchiveWaits";

  /** The log, or a part of it, was changed or removed by somebody else. */
  public static final String LOG_CORRUPT = "LogCorrupt";

  /** The log goes on elsewhere. */
  public static final String MOVED = "Moved";

  /** The session cannot be the fork that it is to be. */
  public static final String FORK_REFUSED = Rouse.FORK_REFUSED;

  private static final Set<String> CONDITIONS =
      Set.of(
          LOG_FULL,
          NEEDS_NEWER_VERSION,
          MESSAGE_REFUSED,
          BUDGET_REFUSED,
          ARCHIVE_WAITS,
          LOG_CORRUPT,
          MOVED,
          FORK_REFUSED);

  private static final SessionStatus NOTHING =
      new SessionStatus(
          null, null, null, null, null, null, List.of(), null, null, null, null, null, List.of());

  private ServerPart() {}

  /** What the server has written on an object; all absent if it has written nothing. */
  public static SessionStatus of(Session session) {
    SessionStatus status = session.getStatus();
    return status == null
        ? NOTHING
        : new SessionStatus(
            status.phase(),
            status.stopReason(),
            status.agentVersion(),
            status.provider(),
            status.log(),
            status.usage(),
            status.pendingActions(),
            status.pendingActionCount(),
            status.handsWanted(),
            null,
            null,
            null,
            conditions(status.conditions()));
  }

  /** The server's conditions among all. */
  public static List<Condition> conditions(List<Condition> all) {
    return all.stream().filter(condition -> CONDITIONS.contains(condition.getType())).toList();
  }

  /** Whether an object says that its log could not be read: a look at the head cannot tell. */
  public static boolean isUnreadable(Session session) {
    return of(session).conditions().stream()
        .map(Condition::getType)
        .anyMatch(type -> type.equals(LOG_CORRUPT) || type.equals(NEEDS_NEWER_VERSION));
  }

  /** The same with another {@code handsWanted}. */
  public static SessionStatus withHands(SessionStatus part, @Nullable HandsWanted wanted) {
    return new SessionStatus(
        part.phase(),
        part.stopReason(),
        part.agentVersion(),
        part.provider(),
        part.log(),
        part.usage(),
        part.pendingActions(),
        part.pendingActionCount(),
        wanted,
        null,
        null,
        null,
        part.conditions());
  }

  /** The same with other conditions. */
  public static SessionStatus withConditions(SessionStatus part, List<Condition> conditions) {
    return new SessionStatus(
        part.phase(),
        part.stopReason(),
        part.agentVersion(),
        part.provider(),
        part.log(),
        part.usage(),
        part.pendingActions(),
        part.pendingActionCount(),
        part.handsWanted(),
        null,
        null,
        null,
        conditions);
  }

  /** The head of the log that an object's status speaks of; -1 if it speaks of none. */
  public static long head(Session session) {
    SessionStatus status = session.getStatus();
    return status == null || status.log() == null || status.log().head() == null
        ? -1
        : status.log().head();
  }
}
