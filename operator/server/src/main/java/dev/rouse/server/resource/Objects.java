package dev.rouse.server.resource;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one kind by UID, each as new as this process has seen it: by watching, by reading,
 * or as the answer to its own writes. Objects are shared and must not be changed.
 */
public sealed class Objects<T extends HasMetadata> permits Sessions {

  /** Hears of changes, on the thread that brings them; must not block. */
  public interface Listener<T> {

    /** The object is new or has changed. */
    void changed(T object);

    /** The object is gone; another of the same name has another UID. */
    void deleted(T object);
  }

  /** UIDs of gone objects that are remembered, so that a late answer does not bring one back. */
  private static final int GRAVES = 10_000;

  private final Map<String, T> byUid = new HashMap<>();
  private final Map<String, NavigableMap<Position, T>> byNamespace = new HashMap<>();
  private final Set<String> gone = new LinkedHashSet<>();
  private final List<Listener<T>> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private boolean stopped;

  /** Tells {@code listener} of every change from now on. */
  public void listen(Listener<T> listener) {
    listeners.add(listener);
  }

  /** The object as known now. */
  public Optional<T> get(String uid) {
    lock.lock();
    try {
      return Optional.ofNullable(byUid.get(uid));
    } finally {
      lock.unlock();
    }
  }

  /** All objects of a namespace as known now, in the order of their creation. */
  public List<T> in(String namespace) {
    return list(namespace, null, true, Integer.MAX_VALUE);
  }

  /** How many objects there are of each kind that {@code by} tells apart. */
  public <K> Map<K, Long> count(Function<T, K> by) {
    List<T> all;
    lock.lock();
    try {
      all = List.copyOf(byUid.values());
    } finally {
      lock.unlock();
    }
    return all.stream().collect(Collectors.groupingBy(by, Collectors.counting()));
  }

  /**
   * Objects of a namespace in the order of their creation.
   *
   * @param from the position that the first one stands behind, or null to begin at the start
   * @param ascending oldest first
   * @param limit the most objects
   */
  public List<T> list(String namespace, @Nullable Position from, boolean ascending, int limit) {
    lock.lock();
    try {
      NavigableMap<Position, T> all =
          byNamespace.getOrDefault(namespace, Collections.emptyNavigableMap());
      NavigableMap<Position, T> ordered = ascending ? all : all.descendingMap();
      return (from == null ? ordered : ordered.tailMap(from, false))
          .values().stream().limit(limit).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the object is known; empty if it is not when patience ends. */
  public Optional<T> await(String uid, Duration patience) throws InterruptedException {
    return await(uid, _ -> true, patience);
  }

  /**
   * Waits until the object is known and {@code condition} holds for it; not for one that is gone.
   *
   * @return the object as known at the end, whether the condition holds or not
   */
  public Optional<T> await(String uid, Predicate<T> condition, Duration patience)
      throws InterruptedException {
    long left = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (true) {
        T object = byUid.get(uid);
        boolean holds = object != null && condition.test(object);
        if (holds || stopped || left <= 0 || gone.contains(uid)) {
          return Optional.ofNullable(object);
        }
        left = moved.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes in an object that was seen, unless a newer one is known or it is known to be gone. */
  public void learn(T object) {
    lock.lock();
    try {
      String uid = object.getMetadata().getUid();
      if (gone.contains(uid) || isOlder(object, byUid.get(uid))) {
        return;
      }
      byUid.put(uid, object);
      byNamespace
          .computeIfAbsent(object.getMetadata().getNamespace(), _ -> new TreeMap<>())
          .put(Position.of(object), object);
      moved.signalAll();
    } finally {
      lock.unlock();
    }
    listeners.forEach(listener -> listener.changed(object));
  }

  /** Takes in that an object is gone. */
  public void forget(T object) {
    lock.lock();
    try {
      byUid.remove(object.getMetadata().getUid());
      byNamespace.computeIfPresent(
          object.getMetadata().getNamespace(),
          (_, all) -> {
            all.remove(Position.of(object));
            return all.isEmpty() ? null : all;
          });
      gone.add(object.getMetadata().getUid());
      if (gone.size() > GRAVES) {
        gone.remove(gone.iterator().next());
      }
      moved.signalAll();
    } finally {
      lock.unlock();
    }
    listeners.forEach(listener -> listener.deleted(object));
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
  private boolean isOlder(T object, @Nullable T known) {
    if (known == null) {
      return false;
    }
    String one = version(object);
    String other = version(known);
    return one.length() == other.length()
        ? one.compareTo(other) <= 0
        : one.length() < other.length();
  }

  private static String version(HasMetadata object) {
    String version = object.getMetadata().getResourceVersion();
    return version == null ? "" : version;
  }
}
