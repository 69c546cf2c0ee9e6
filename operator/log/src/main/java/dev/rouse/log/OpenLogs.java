package dev.rouse.log;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The logs that this process keeps in memory: those in use, and the ones used last. */
final class OpenLogs {

  private static final class Entry {
    final OpenLog log;
    int users;

    Entry(OpenLog log) {
      this.log = log;
    }
  }

  private final LogStore store;
  private final LogSettings settings;
  private final Function<LogKey, Witness> witnesses;
  private final Map<String, Entry> byUid = new LinkedHashMap<>(16, 0.75f, true);

  OpenLogs(LogStore store, LogSettings settings, Function<LogKey, Witness> witnesses) {
    this.store = store;
    this.settings = settings;
    this.witnesses = witnesses;
  }

  /** The log, which stays in memory until it is released as often as it was acquired. */
  synchronized OpenLog acquire(LogKey key) {
    Entry entry = byUid.get(key.sessionUid());
    if (entry == null || entry.log.isEnded()) {
      entry = new Entry(new OpenLog(key, store, witnesses.apply(key)));
      byUid.put(key.sessionUid(), entry);
    }
    entry.users++;
    return entry.log;
  }

  synchronized void release(OpenLog log) {
    Entry entry = byUid.get(log.key().sessionUid());
    if (entry != null && entry.log == log) {
      entry.users--;
      evict();
    }
  }

  /** The log if it is in memory. */
  synchronized Optional<OpenLog> peek(String sessionUid) {
    return Optional.ofNullable(byUid.get(sessionUid)).map(entry -> entry.log);
  }

  /** Whether somebody uses it now, for example follows it. */
  synchronized boolean isUsed(String sessionUid) {
    Entry entry = byUid.get(sessionUid);
    return entry != null && entry.users > 0;
  }

  /** Forgets the log and ends who follows it. */
  void remove(String sessionUid) {
    take(sessionUid).ifPresent(OpenLog::end);
  }

  /** Forgets all logs and ends who follows them. */
  void clear() {
    takeAll().forEach(OpenLog::end);
  }

  // A log's lock is never taken under this object's: it may be held during a store call.
  private synchronized Optional<OpenLog> take(String sessionUid) {
    return Optional.ofNullable(byUid.remove(sessionUid)).map(entry -> entry.log);
  }

  private synchronized List<OpenLog> takeAll() {
    List<OpenLog> all = byUid.values().stream().map(entry -> entry.log).toList();
    byUid.clear();
    return all;
  }

  private void evict() {
    long bytes = byUid.values().stream().mapToLong(entry -> entry.log.head().bytes()).sum();
    Iterator<Entry> eldest = byUid.values().iterator();
    while ((byUid.size() > settings.maxOpenLogs() || bytes > settings.maxOpenBytes())
        && eldest.hasNext()) {
      Entry entry = eldest.next();
      if (entry.users == 0) {
        bytes -= entry.log.head().bytes();
        eldest.remove();
        store.close(entry.log.key());
      }
    }
  }
}
