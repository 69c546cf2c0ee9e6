package dev.rouse.server.resource;

import dev.rouse.api.Session;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Session} objects by UID, each as new as this process has seen it: by watching, by
 * reading, or as the answer to its own writes. Objects are shared and must not be changed.
 */
public final class Sessions {

  /** Hears of changes, on the thread that brings them; must not block. */
  public interface Listener {

    /** The object is new or has changed. */
    void changed(Session session);

    /** The object is gone; another of the same name has another UID. */
    void deleted(Session session);

    /** The object is to go and waits for its log to be removed; may come after it was forgotten. */
    void leaving(Session session);
  }

  /** UIDs of gone objects that are remembered, so that a late answer does not bring one back. */
  private static final int GRAVES = 10_000;

  private final SessionObjects objects;
  private final Map<String, Session> byUid = new HashMap<>();
  private final Map<String, NavigableMap<Position, Session>> byNamespace = new HashMap<>();
  private final Set<String> gone = new LinkedHashSet<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private boolean stopped;

  public Sessions(SessionObjects objects) {
    this.objects = objects;
  }

  public void listen(Listener listener) {
    listeners.add(listener);
  }

  /** The object as known now. */
  public Optional<Session> get(String uid) {
    lock.lock();
    try {
      return Optional.ofNullable(byUid.get(uid));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Objects of a namespace in the order of their creation.
   *
   * @param from the position that the first one stands behind, or null to begin at the start
   * @param ascending oldest first
   * @param limit the most objects
   */
  public List<Session> list(
      String namespace, @Nullable Position from, boolean ascending, int limit) {
    lock.lock();
    try {
      NavigableMap<Position, Session> all =
          byNamespace.getOrDefault(namespace, Collections.emptyNavigableMap());
      NavigableMap<Position, Session> ordered = ascending ? all : all.descendingMap();
      return (from == null ? ordered : ordered.tailMap(from, false))
          .values().stream().limit(limit).toList();
    } finally {
      lock.unlock();
    }
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

  /**
   * Waits until the object is known and {@code condition} holds for it.
   *
   * @return the object as known at the end, whether the condition holds or not
   */
  public Optional<Session> await(String uid, Predicate<Session> condition, Duration patience)
      throws InterruptedException {
    long left = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (true) {
        Session session = byUid.get(uid);
        if (stopped || left <= 0 || (session != null && condition.test(session))) {
          return Optional.ofNullable(session);
        }
        left = moved.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes in an object that was seen, unless a newer one is known. */
  public void learn(Session session) {
    if (SessionWriter.isLeaving(session)) {
      listeners.forEach(listener -> listener.leaving(session));
    }
    lock.lock();
    try {
      String uid = session.getMetadata().getUid();
      if (gone.contains(uid) || isOlder(session, byUid.get(uid))) {
        return;
      }
      byUid.put(uid, session);
      byNamespace
          .computeIfAbsent(session.getMetadata().getNamespace(), _ -> new TreeMap<>())
          .put(Position.of(session), session);
      moved.signalAll();
    } finally {
      lock.unlock();
    }
    listeners.forEach(listener -> listener.changed(session));
  }

  /** Takes in that an object is gone. */
  public void forget(Session session) {
    lock.lock();
    try {
      byUid.remove(session.getMetadata().getUid());
      byNamespace.computeIfPresent(
          session.getMetadata().getNamespace(),
          (_, all) -> {
            all.remove(Position.of(session));
            return all.isEmpty() ? null : all;
          });
      gone.add(session.getMetadata().getUid());
      if (gone.size() > GRAVES) {
        gone.remove(gone.iterator().next());
      }
      moved.signalAll();
    } finally {
      lock.unlock();
    }
    listeners.forEach(listener -> listener.deleted(session));
  }

  /** Whether nobody is to wait any more, for the process is about to end. */
  public boolean isStopped() {
    lock.lock();
    try {
      return stopped;
    } finally {
      lock.unlock();
    }
  }

  /** Lets everybody who waits go on with what is known. */
  public void stopWaiting() {
    lock.lock();
    try {
      stopped = true;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Resource versions of one kind are comparable decimal numbers (KEP-5504). */
  private static boolean isOlder(Session session, @Nullable Session known) {
    if (known == null) {
      return false;
    }
    String one = Objects.requireNonNullElse(session.getMetadata().getResourceVersion(), "");
    String other = Objects.requireNonNullElse(known.getMetadata().getResourceVersion(), "");
    return one.length() == other.length()
        ? one.compareTo(other) <= 0
        : one.length() < other.length();
  }
}
