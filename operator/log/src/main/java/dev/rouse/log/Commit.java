package dev.rouse.log;

import dev.rouse.session.LogRecord;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records that are stored together or not at all.
 *
 * @param appendId chosen by the caller; the same id stands at most once in a log
 * @param principal who asked, where that is a person or a client; null for brains and the server
 * @param records at least one, with gapless sequence numbers
 */
public record Commit(String appendId, @Nullable String principal, List<LogRecord> records) {

  public Commit {
    records = List.copyOf(records);
    if (records.isEmpty()) {
      throw new IllegalArgumentException("commit " + appendId + " holds no record");
    }
    long next = records.getFirst().seq();
    for (LogRecord record : records) {
      if (record.seq() != next++) {
        throw new IllegalArgumentException(
            "commit " + appendId + " has a gap before record " + record.seq());
      }
    }
  }

  /** The first sequence number. */
  public long from() {
    return records.getFirst().seq();
  }

  /** The last sequence number. */
  public long to() {
    return records.getLast().seq();
  }

  /** What tells this commit from the same one by another writer, who dates its records itself. */
  Mark mark() {
    return new Mark(appendId, from(), records.stream().map(LogRecord::at).toList());
  }

  /**
   * @param dates of the records, to the microsecond
   */
  record Mark(String appendId, long from, List<Instant> dates) {}

  /**
   * Checks that a log which ends at {@code head} can take this commit.
   *
   * @throws IllegalArgumentException when it does not begin right after it: the caller's mistake
   */
  public void checkFollows(long head) {
    if (from() != head + 1) {
      throw new IllegalArgumentException(
          "commit " + appendId + " begins at " + from() + ", not after " + head);
    }
  }
}
