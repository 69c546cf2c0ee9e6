package dev.rouse.log;

import dev.rouse.session.LogRecord;
import java.time.Duration;
import java.util.List;

/**
 * Reads a log from a position on and goes on with it: every record once, in order.
 *
 * <p>Nothing is buffered for a follower. It pulls; one that keeps up is served from memory, one
 * that is slow reads on from the store. For use by one thread.
 */
public final class Follower implements Subscription {

  private static final int BATCH = 64;

  private final OpenLog log;
  private final Runnable release;
  private long next;
  private volatile boolean closed;
  private volatile boolean gone;

  Follower(OpenLog log, long from, Runnable release) {
    this.log = log;
    this.next = from;
    this.release = release;
  }

  /**
   * The next records, waiting for them if there are none.
   *
   * @return at least one record; empty when the time is up, or when {@link #ended}
   */
  public List<LogRecord> next(Duration timeout) throws InterruptedException {
    if (closed || !log.await(next, timeout)) {
      return List.of();
    }
    List<LogRecord> records = log.records(next, BATCH);
    next += records.size();
    // A record that was there and cannot be read any more: the log was deleted under us.
    gone = records.isEmpty();
    return records;
  }

  /** The sequence number of the record that comes next. */
  public long position() {
    return next;
  }

  /** Whether no more records will come: the log was deleted, or this process is stopping. */
  public boolean ended() {
    return closed || gone || (log.isEnded() && log.state().head() < next);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      release.run();
    }
  }
}
