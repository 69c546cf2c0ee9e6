package dev.rouse.server.resource;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one kind by UID, each as new as this process has seen it: by watching, or as the
 * answer to its own reads and writes. Objects are shared and must not be changed.
 */
public final class Objects<T extends HasMetadata> {

  /** UIDs of gone objects that are remembered, so that a late answer does not bring one back. */
  private static final int GRAVES = 10_000;

  private final Map<String, T> byUid = new HashMap<>();
  private final Set<String> gone = new LinkedHashSet<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private boolean stopped;

  /** The object as known now. */
  public Optional<T> get(String uid) {
    lock.lock();
    try {
      return Optional.ofNullable(byUid.get(uid));
    } finally {
      lock.unlock();
    }
  }

  /** All objects of a namespace as known now, in no order. */
  public List<T> in(String namespace) {
    lock.lock();
    try {
      return byUid.values().stream()
          .filter(it -> namespace.equals(it.getMetadata().getNamespace()))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the object is known; empty if it is not when patience ends. */
  public Optional<T> await(String uid, Duration patience) throws InterruptedException {
    long left = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (true) {
        T object = byUid.get(uid);
        if (object != null || stopped || left <= 0 || gone.contains(uid)) {
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
      if (!gone.contains(uid) && !isOlder(object, byUid.get(uid))) {
        byUid.put(uid, object);
        moved.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes in that an object is gone. */
  public void forget(T object) {
    lock.lock();
    try {
      byUid.remove(object.getMetadata().getUid());
      gone.add(object.getMetadata().getUid());
      if (gone.size() > GRAVES) {
        gone.remove(gone.iterator().next());
      }
      moved.signalAll();
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
