package dev.rouse.log.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Breaks connections that take too long. The driver's own timeout counts only while it waits for an
 * answer: a database that stands still in the middle of a large commit would hold its writer for
 * ever.
 */
final class Deadlines implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);

  /** Ends the watch when closed. */
  record Deadline(Future<?> end) implements AutoCloseable {
    @Override
    public void close() {
      end.cancel(false);
    }
  }

  private final Duration limit;
  private final ScheduledThreadPoolExecutor timer;

  Deadlines(Duration limit) {
    this.limit = limit;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("log-deadlines").factory());
    timer.setRemoveOnCancelPolicy(true);
  }

  /** Watches over what is done with a connection from now on. */
  Deadline of(PGConnection connection) {
    return new Deadline(
        timer.schedule(() -> abort(connection), limit.toNanos(), TimeUnit.NANOSECONDS));
  }

  private static void abort(PGConnection connection) {
    try {
      // Closing TLS in peace may wait for the same peer: not on the one thread of all deadlines.
      ((Connection) connection).abort(Thread::startVirtualThread);
    } catch (SQLException e) {
      LOG.atDebug().setCause(e).log("a connection that hangs was not broken");
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
