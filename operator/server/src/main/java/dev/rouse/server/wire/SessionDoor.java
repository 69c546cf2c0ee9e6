package dev.rouse.server.wire;

import dev.rouse.api.Session;
import dev.rouse.log.SessionLogs;
import dev.rouse.server.keeper.Creating;
import dev.rouse.server.keeper.SessionKeeper;
import dev.rouse.server.resource.LogKeys;
import java.util.Optional;

/** The way to one session: what is only half created does not exist for callers. */
final class SessionDoor {

  private final SessionLogs logs;

  SessionDoor(SessionLogs logs) {
    this.logs = logs;
  }

  /** The session of this wire id, if it exists for the caller and the endpoint is open to them. */
  Session open(Visitor visitor, Endpoint endpoint, String id)
      throws WireError, InterruptedException {
    Session session = visitor.session(endpoint, id);
    if (Creating.isMarked(session) && !logs.of(LogKeys.of(session)).state().exists()) {
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
}
