package dev.rouse.server.resource;

import dev.rouse.api.Session;
import dev.rouse.server.resource.SessionObjects.Applied;
import dev.rouse.server.resource.SessionObjects.Changed;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Writes Session objects on behalf of API callers, and lets this process see at once what it wrote.
 */
public final class SessionWriter {

  /** Status writers and people change the same object; they are few. */
  private static final int ATTEMPTS = 20;

  private final SessionObjects objects;
  private final Sessions sessions;

  public SessionWriter(SessionObjects objects, Sessions sessions) {
    this.objects = objects;
    this.sessions = sessions;
  }

  /** Makes an object. @return the object as it is now */
  public Session create(Session session) {
    Session made = objects.create(session);
    sessions.learn(made);
    return made;
  }

  /** Changes the spec; {@link Changed.Conflict} is answered only when it happens for ever. */
  public Changed change(String uid, SessionChange change) {
    Optional<Session> read = sessions.get(uid);
    for (int attempt = 0; attempt < ATTEMPTS && read.isPresent(); attempt++) {
      Changed changed = objects.change(read.get(), change);
      switch (changed) {
        case Changed.Done(Session written) -> {
          sessions.learn(written);
          return changed;
        }
        case Changed.Owned _, Changed.Refused _, Changed.Gone _ -> {
          return changed;
        }
        case Changed.Conflict _ -> read = sessions.refresh(uid);
      }
    }
    return read.isEmpty() ? new Changed.Gone() : new Changed.Conflict();
  }

  /** Takes the mark away of an object whose log has begun. @return whether it is still there */
  public boolean unmark(Session session) {
    return switch (objects.unmark(session)) {
      case Applied.Done(Session written) -> {
        sessions.learn(written);
        yield true;
      }
      case Applied.Conflict _, Applied.Gone _ -> false;
    };
  }

  /**
   * Removes the object.
   *
   * @param still whether it is still to be removed, asked of the object as it is each time
   * @return whether it is gone
   */
  public boolean delete(Session session, Predicate<Session> still) {
    String uid = session.getMetadata().getUid();
    Optional<Session> read = Optional.of(session);
    for (int attempt = 0; attempt < ATTEMPTS && read.isPresent(); attempt++) {
      if (!still.test(read.get())) {
        return false;
      }
      switch (objects.delete(read.get())) {
        case Applied.Done _, Applied.Gone _ -> {
          // Where finalizers hold it back the watch says when it goes; nobody is to use it any
          // more.
          sessions.forget(read.get());
          return true;
        }
        case Applied.Conflict _ -> read = sessions.refresh(uid);
      }
    }
    return read.isEmpty();
  }
}
