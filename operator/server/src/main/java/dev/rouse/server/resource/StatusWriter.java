package dev.rouse.server.resource;

import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Optional;
import java.util.function.Function;

/**
 * The one place where {@code Session.status} is written: by server-side apply as {@link
 * Rouse#SERVER_MANAGER}, with the resource version of the object that the new status was made from.
 * So no server overwrites what it has not seen, and the operator's part is never touched.
 */
public final class StatusWriter {

  /** Writers of one object are few: two servers and the operator. */
  private static final int ATTEMPTS = 20;

  private final SessionObjects objects;
  private final Sessions sessions;

  public StatusWriter(SessionObjects objects, Sessions sessions) {
    this.objects = objects;
    this.sessions = sessions;
  }

  /**
   * Writes what {@code next} makes of the object, and asks again with a newer object if that one
   * has changed meanwhile. Writes nothing if nothing would change.
   *
   * @param next the server's whole part of the status, or empty to leave it as it is
   * @return the object as it is afterwards; empty if it is gone
   */
  public Optional<Session> update(String uid, Function<Session, Optional<SessionStatus>> next) {
    Optional<Session> read = sessions.get(uid);
    for (int attempt = 0; attempt < ATTEMPTS && read.isPresent(); attempt++) {
      Session session = read.get();
      Optional<SessionStatus> status = next.apply(session);
      if (status.isEmpty() || status.get().equals(ServerPart.of(session))) {
        return read;
      }
      Optional<Session> written = objects.applyStatus(applied(session, status.get()));
      if (written.isPresent()) {
        sessions.learn(written.get());
        return sessions.get(uid);
      }
      read = sessions.refresh(uid);
    }
    if (read.isPresent()) {
      throw new IllegalStateException(
          "the status of session %s/%s was changed by others %d times in a row"
              .formatted(
                  read.get().getMetadata().getNamespace(),
                  read.get().getMetadata().getName(),
                  ATTEMPTS));
    }
    return read;
  }

  private static Session applied(Session read, SessionStatus status) {
    Session applied = new Session();
    applied.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(read.getMetadata().getNamespace())
            .withName(read.getMetadata().getName())
            .withUid(read.getMetadata().getUid())
            .withResourceVersion(read.getMetadata().getResourceVersion())
            .build());
    applied.setStatus(status);
    return applied;
  }
}
