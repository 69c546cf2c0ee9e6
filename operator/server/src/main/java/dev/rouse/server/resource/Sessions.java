package dev.rouse.server.resource;

import dev.rouse.api.Session;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The {@code Session} objects as known, and a way to read one anew. */
public final class Sessions extends Objects<Session> {

  private final SessionObjects objects;
  private final List<Consumer<Session>> parting = new CopyOnWriteArrayList<>();

  public Sessions(SessionObjects objects) {
    this.objects = objects;
  }

  /**
   * Tells {@code listener} of objects that are to go and wait for their logs to be removed, be it
   * after they were forgotten; must not block.
   */
  public void whenLeaving(Consumer<Session> listener) {
    parting.add(listener);
  }

  @Override
  public void learn(Session session) {
    if (SessionWriter.isLeaving(session)) {
      parting.forEach(listener -> listener.accept(session));
    }
    super.learn(session);
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
