package dev.rouse.log.configmap;

import dev.rouse.log.LogCorrupt;
import dev.rouse.log.LogKey;
import dev.rouse.log.OutcomeUnknown;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.IOException;
import java.util.Optional;

/** Reads and swaps tails, and keeps the cached one right. */
final class Tails {

  /** What became of a swap. */
  enum Swap {
    DONE,
    /** Somebody else was faster; the slot holds nothing. */
    STALE,
    /** The log is gone. */
    ABSENT
  }

  private final ConfigMaps configMaps;

  Tails(ConfigMaps configMaps) {
    this.configMaps = configMaps;
  }

  /** The tail as it is now. */
  Optional<Tail> load(LogKey key, Slots.Slot slot) {
    Optional<ConfigMap> object = configMaps.get(key.namespace(), LogObjects.tailName(key));
    if (object.isEmpty()) {
      slot.forget();
      return Optional.empty();
    }
    Tail tail = LogObjects.readTail(key, object.get());
    slot.offer(tail);
    return Optional.of(tail);
  }

  /** Replaces the tail that {@code next} was made from; without a resource version, creates it. */
  Swap swap(LogKey key, Slots.Slot slot, Tail next) {
    ConfigMap object = LogObjects.tail(key, next);
    boolean isNew = next.resourceVersion().isEmpty();
    try {
      return switch (isNew ? configMaps.create(object) : configMaps.update(object)) {
        case ConfigMaps.Written.Done done -> {
          slot.offer(next.written(done.object().getMetadata().getResourceVersion()));
          yield Swap.DONE;
        }
        case ConfigMaps.Written.Stale _ -> {
          slot.forget();
          yield Swap.STALE;
        }
        case ConfigMaps.Written.Absent _ -> {
          slot.forget();
          yield Swap.ABSENT;
        }
      };
    } catch (OutcomeUnknown e) {
      slot.forget();
      slot.littered.set(true);
      throw e;
    }
  }

  /** What of a tail is packed anew with the next small commit, unpacked. */
  static byte[] looseBytes(LogKey key, Tail tail) {
    try {
      return tail.open().loose();
    } catch (IOException e) {
      throw corrupt(key, e);
    }
  }

  static LogCorrupt corrupt(LogKey key, Exception cause) {
    return LogObjects.corrupt(
        key,
        key.namespace() + "/" + LogObjects.tailName(key),
        "does not hold the records that it says",
        cause);
  }
}
