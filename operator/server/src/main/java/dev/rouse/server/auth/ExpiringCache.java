package dev.rouse.server.auth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers answers for a while, and never more than a number of them. A clock that was set back
 * ends a memory: it must not last longer than it was to.
 */
final class ExpiringCache<K, V> {

  private record Entry<V>(V value, Instant since, Instant until) {}

  private final Clock clock;
  private final int size;
  private final Map<K, Entry<V>> entries = new LinkedHashMap<>(16, 0.75f, true);

  ExpiringCache(Clock clock, int size) {
    this.clock = clock;
    this.size = size;
  }

  synchronized Optional<V> get(K key) {
    Entry<V> entry = entries.get(key);
    if (entry == null) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    if (now.isBefore(entry.since()) || !now.isBefore(entry.until())) {
      entries.remove(key);
      return Optional.empty();
    }
    return Optional.of(entry.value());
  }

  synchronized void put(K key, V value, Duration life) {
    Instant now = clock.instant();
    entries.put(key, new Entry<>(value, now, now.plus(life)));
    if (entries.size() > size) {
      entries.remove(entries.keySet().iterator().next());
    }
  }
}
