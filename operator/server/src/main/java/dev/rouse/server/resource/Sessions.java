package dev.rouse.server.resource;

import dev.rouse.api.Session;
import java.util.Optional;

/** The {@code Session} objects as known, and a way to read one anew. */
public final class Sessions extends Objects<Session> {

  private final SessionObjects objects;

  public Sessions(SessionObjects objects) {
    this.objects = objects;
  }

  /** Reads a known object anew; empty if it is gone or was replaced by one of the same name. */
  public Optional<Session> refresh(String uid) {
    Optional<Session> known = get(uid);
    if (known.isEmpty()) {
      return Optional.empty();
    }
    Optional<Session> read =
        objects
            .read(known.get().getMetadata().getNamespace(), known.get().getMetadata().getName())
            .filter(session -> uid.equals(session.getMetadata().getUid()));
    if (read.isEmpty()) {
      return Optional.empty();
    }
    learn(read.get());
    return get(uid);
  }
}
