package dev.rouse.server.wire;

import dev.rouse.api.Session;
import dev.rouse.log.SessionLog;
import dev.rouse.log.SessionLogs;
import dev.rouse.server.keeper.Creating;
import dev.rouse.server.keeper.SessionKeeper;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.server.resource.ServerPart;
import dev.rouse.session.protocol.BrainProtocol.Refusal;
import java.util.Optional;

/** The way to one session: what is only half created or deleted does not exist for callers. */
final class SessionDoor {

  private final SessionLogs logs;

  SessionDoor(SessionLogs logs) {
    this.logs = logs;
  }

  /** The session of this wire id, if it exists for the caller and the endpoint is open to them. */
  Session open(Visitor visitor, Endpoint endpoint, String id)
      throws WireError, InterruptedException {
    Session session = visitor.session(endpoint, id);
    boolean deleting =
        session.getMetadata().getDeletionTimestamp() != null && endpoint != Endpoint.SESSION_DELETE;
    if ((Creating.isMarked(session) || deleting)
        && !logs.of(LogKeys.of(session)).state().exists()) {
      throw WireError.notFound(
          "there is no session " + id + " in workspace (namespace) " + visitor.workspace());
    }
    // What has no log any more can be deleted, and nothing else.
    Optional<String> lost =
        endpoint == Endpoint.SESSION_DELETE ? Optional.empty() : SessionKeeper.lost(session, logs);
    if (lost.isPresent()) {
      throw WireError.broken(lost.get());
    }
    return session;
  }

  /** What to say when a log takes nothing now: it may have been deleted since it was opened. */
  static WireError notNow(Session session, SessionLog log, Refusal refusal) {
    boolean deleted = ServerPart.of(session).provider() != null && !log.cachedState().exists();
    return deleted
        ? WireError.notFound(log.key().describe() + " was deleted meanwhile")
        : WireError.notNow(refusal.message());
  }
}
