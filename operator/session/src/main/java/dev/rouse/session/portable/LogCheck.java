package dev.rouse.session.portable;

import dev.rouse.session.EventCodec;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.UnknownEvent;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * Whether records, one after the other, are a log that this version may take over. Keeps every id,
 * so memory grows with the number of records and not with their size.
 */
public final class LogCheck {

  private final Set<String> ids = new HashSet<>();
  private long head = -1;
  private Instant at = Instant.MIN;
  private int epoch;

  /** The last record that was checked; -1 before the first. */
  public long head() {
    return head;
  }

  /** Checks the next record. @throws FileFault when it cannot follow those before */
  public void next(LogRecord record) throws FileFault {
    if (record.seq() != head + 1) {
      throw new FileFault(
          "seq: record %d cannot follow record %d: a log has no gaps"
              .formatted(record.seq(), head));
    }
    String name = "record " + record.seq();
    created(record);
    if (!record.at().isAfter(at)) {
      throw new FileFault(
          "at: %s is not later than the one before it (%s)"
              .formatted(name, EventCodec.timestamp(record.at())));
    }
    if (record.epoch() < epoch) {
      throw new FileFault(
          "epoch: %s is of epoch %d, after one of epoch %d".formatted(name, record.epoch(), epoch));
    }
    if (!ids.add(record.event().id())) {
      throw new FileFault(
          "event.id: %s has the id %s of an earlier record".formatted(name, record.event().id()));
    }
    if (record.critical() && record.event() instanceof UnknownEvent event) {
      throw new FileFault(
          "event.type: %s is a %s, which needs a newer version of Rouse"
              .formatted(name, event.type()));
    }
    head = record.seq();
    at = record.at();
    epoch = record.epoch();
  }

  private static void created(LogRecord record) throws FileFault {
    if ((record.seq() == 0) != (record.event() instanceof InternalEvent.Created)) {
      throw new FileFault(
          "event.type: record %d is a %s: a log begins with rouse.created and has no other"
              .formatted(record.seq(), EventCodec.typeOf(record.event())));
    }
    if (record.event() instanceof InternalEvent.Created created
        && created.format() != InternalEvent.Created.FORMAT) {
      throw new FileFault(
          "event.format: the log is of format %d, and this version knows format %d: use a newer"
                  .formatted(created.format(), InternalEvent.Created.FORMAT)
              + " version of Rouse");
    }
  }
}
