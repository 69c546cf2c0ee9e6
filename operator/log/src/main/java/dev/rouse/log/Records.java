package dev.rouse.log;

import dev.rouse.session.LogRecord;
import java.util.stream.Stream;

/** Records out of a store's whole commits. */
final class Records {

  private Records() {}

  static Stream<LogRecord> of(LogStore store, LogKey key, long from, int limit) {
    long end = from > Long.MAX_VALUE - limit ? Long.MAX_VALUE : from + limit;
    return store
        .read(key, from, limit)
        .flatMap(commit -> commit.records().stream())
        .filter(record -> record.seq() >= from && record.seq() < end);
  }
}
