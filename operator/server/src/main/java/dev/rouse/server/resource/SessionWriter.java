package dev.rouse.server.resource;

import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.server.resource.SpecObjects.Applied;
import dev.rouse.server.resource.SpecObjects.Change;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Writes Session objects on behalf of API callers, and lets this process see at once what it wrote.
 */
public final class SessionWriter {

  /** Status writers and people change the same object; they are few. */
  private static final int ATTEMPTS = 20;

  private final SessionObjects objects;
  private final Sessions sessions;
  private final boolean holding;

  /** For a store whose logs go with their objects by owner references. */
  public SessionWriter(SessionObjects objects, Sessions sessions) {
    this(objects, sessions, false);
  }

  /**
   * Makes one for any store.
   *
   * @param holding whether objects are held until their logs are removed
   */
  public SessionWriter(SessionObjects objects, Sessions sessions, boolean holding) {
    this.objects = objects;
    this.sessions = sessions;
    this.holding = holding;
  }

  /**
   * Sees to it that the object does not go before its log, where the store needs that; to be called
   * before the log begins.
   *
   * @return whether the object is held as it must be; false if it is gone or about to go
   */
  public boolean hold(Session session) {
    return !holding
        || finalizers(
            session,
            now -> now.getMetadata().getDeletionTimestamp() == null,
            all -> all.add(Rouse.LOG_FINALIZER));
  }

  /** Whether the object is held as it must be: one that an uninstalled release let go is not. */
  public boolean isHeld(Session session) {
    return !holding || session.getMetadata().getFinalizers().contains(Rouse.LOG_FINALIZER);
  }

  /** Lets the object go, whichever store held it. The log must be gone. */
  public void release(Session session) {
    finalizers(session, _ -> true, all -> all.remove(Rouse.LOG_FINALIZER));
  }

  /** Whether the object waits for its log to be removed. */
  public static boolean isLeaving(Session session) {
    return session.getMetadata().getDeletionTimestamp() != null
        && session.getMetadata().getFinalizers().contains(Rouse.LOG_FINALIZER);
  }

  private boolean finalizers(
      Session session, Predicate<Session> still, Consumer<Set<String>> change) {
    String uid = session.getMetadata().getUid();
    Optional<Session> read = Optional.of(session);
    for (int attempt = 0; attempt < ATTEMPTS && read.isPresent(); attempt++) {
      Session now = read.get();
      if (!still.test(now)) {
        return false;
      }
      Set<String> all = new LinkedHashSet<>(now.getMetadata().getFinalizers());
      change.accept(all);
      if (all.equals(Set.copyOf(now.getMetadata().getFinalizers()))) {
        return true;
      }
      Optional<Session> written = objects.finalizers(now, List.copyOf(all));
      if (written.isPresent()) {
        sessions.learn(written.get());
        return true;
      }
      read =
          objects
              .read(now.getMetadata().getNamespace(), now.getMetadata().getName())
              .filter(it -> uid.equals(it.getMetadata().getUid()));
    }
    if (read.isPresent()) {
      throw new IllegalStateException(
          "the finalizers of session %s/%s could not be written: others changed it %d times in a row"
              .formatted(
                  session.getMetadata().getNamespace(), session.getMetadata().getName(), ATTEMPTS));
    }
    return false;
  }

  /** The object of this name as it is now. */
  public Optional<Session> read(String namespace, String name) {
    Optional<Session> read = objects.read(namespace, name);
    read.ifPresent(sessions::learn);
    return read;
  }

  /** Makes an object, if none has the name. */
  public Applied<Session> create(Change change) {
    Applied<Session> made = objects.apply(change);
    if (made instanceof Applied.Done<Session>(Session session)) {
      sessions.learn(session);
    }
    return made;
  }

  /**
   * Changes the spec.
   *
   * @return empty if the object is gone; {@link Applied.Stale} only when it happens for ever
   */
  public Optional<Applied<Session>> change(String uid, SessionChange change) {
    Optional<Session> read = sessions.get(uid);
    for (int attempt = 0; attempt < ATTEMPTS && read.isPresent(); attempt++) {
      Applied<Session> changed = objects.change(read.get(), change);
      switch (changed) {
        case Applied.Done<Session>(Session written) -> {
          sessions.learn(written);
          return Optional.of(changed);
        }
        case Applied.Owned<Session> _, Applied.Refused<Session> _, Applied.Taken<Session> _ -> {
          return Optional.of(changed);
        }
        case Applied.Stale<Session> _ -> read = sessions.refresh(uid);
      }
    }
    return read.map(_ -> new Applied.Stale<>());
  }

  /** Whether the object is not there any more, asked now; another of its name is not it. */
  public boolean isGone(Session session) {
    return objects
        .read(session.getMetadata().getNamespace(), session.getMetadata().getName())
        .filter(it -> it.getMetadata().getUid().equals(session.getMetadata().getUid()))
        .isEmpty();
  }

  /**
   * Takes the mark away of an object whose log has begun.
   *
   * @return false if it is gone, or others changed it faster than it could be written
   */
  public boolean unmark(Session session) {
    Optional<Session> unmarked = objects.unmark(session);
    unmarked.ifPresent(sessions::learn);
    return unmarked.isPresent();
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
      if (objects.delete(read.get())) {
        // Where finalizers hold it back the watch says when it goes; nobody is to use it any more.
        sessions.forget(read.get());
        return true;
      }
      read = sessions.refresh(uid);
    }
    return read.isEmpty();
  }
}
