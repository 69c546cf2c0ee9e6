package dev.rouse.log;

import dev.rouse.session.LogRecord;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/** The last records of a log, for followers that keep up. Guarded by its owner's lock. */
final class RecentRecords {

  private static final int MAX = 256;

  private final ArrayDeque<LogRecord> records = new ArrayDeque<>();

  void add(LogRecord record) {
    records.addLast(record);
    if (records.size() > MAX) {
      records.removeFirst();
    }
  }

  /** Up to {@code limit} records from {@code from} on, or empty if they are not all here. */
  Optional<List<LogRecord>> from(long from, int limit) {
    if (records.isEmpty() || records.getFirst().seq() > from) {
      return Optional.empty();
    }
    return Optional.of(
        records.stream().filter(record -> record.seq() >= from).limit(limit).toList());
  }
}
