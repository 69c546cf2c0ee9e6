package dev.rouse.log.configmap;

import dev.rouse.log.LogException;
import dev.rouse.log.LogKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last tail of each log that this process used lately. Only ever a shortcut. */
final class Slots {

  private static final Logger LOG = LoggerFactory.getLogger(Slots.class);

  /** One log's place. Its lock keeps this process from competing with itself. */
  static final class Slot {
    final ReentrantLock lock = new ReentrantLock();

    /** Whether a merge is under way. */
    final AtomicBoolean merging = new AtomicBoolean();

    /** Whether a full tail is being sealed. */
    final AtomicBoolean sealing = new AtomicBoolean();

    /** What was sealed and waits for the next append to name it. */
    final AtomicReference<Sealer.@Nullable Sealed> sealed = new AtomicReference<>();

    /** Whether objects may have been left behind that no tail names. */
    final AtomicBoolean littered = new AtomicBoolean(true);

    private @Nullable Tail tail;

    synchronized @Nullable Tail tail() {
      return tail;
    }

    /** Takes a tail; an older one, or the same that is known better, changes nothing. */
    synchronized void offer(Tail read) {
      Tail before = tail;
      if (before == null || read.isAfter(before)) {
        tail = read;
      }
    }

    synchronized void forget() {
      tail = null;
    }

    /** Leaves what failed in the background for a later append. */
    void putOff(LogKey key, String what, LogException cause) {
      littered.set(true);
      LOG.atInfo()
          .addKeyValue("namespace", key.namespace())
          .addKeyValue("session", key.sessionUid())
          .setCause(cause)
          .log(what + " was put off");
    }
  }

  private final Map<String, Slot> slots;

  Slots(int max) {
    this.slots =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Slot> eldest) {
            return size() > max;
          }
        };
  }

  synchronized Slot of(String sessionUid) {
    return slots.computeIfAbsent(sessionUid, _ -> new Slot());
  }

  synchronized void remove(String sessionUid) {
    slots.remove(sessionUid);
  }
}
