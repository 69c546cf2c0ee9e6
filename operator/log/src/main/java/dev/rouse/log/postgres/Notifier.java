package dev.rouse.log.postgres;

import dev.rouse.log.LogChange;
import dev.rouse.log.LogException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells other servers what this one appended, many changes in one NOTIFY.
 *
 * <p>In a transaction of its own: each COMMIT that notifies takes a lock that the whole database
 * server has one of, and would put appends to different logs in a row. Nor does it wait for the
 * disk. So a hint may be lost with the server that had it, which costs others two seconds.
 */
final class Notifier implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
  private static final long GATHER_NANOS = Duration.ofMillis(5).toNanos();
  private static final int MOST_WAITING = 10_000;
  private static final String NOTIFY =
      "SELECT set_config('synchronous_commit', 'off', true), pg_notify(?, payload)"
          + " FROM unnest(?) AS payload";

  private final Connections connections;
  private final String me;
  private final String channel;
  private final BlockingQueue<LogChange> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
  private final Thread thread;

  Notifier(Connections connections, String me, String channel) {
    this.connections = connections;
    this.me = me;
    this.channel = channel;
    this.thread = Thread.ofVirtual().name("log-notifier").start(this::run);
  }

  /** Tells soon. While the database stands still, what is too much is dropped. */
  void tell(LogChange change) {
    if (!waiting.offer(change)) {
      LOG.atDebug().log("others are not told of a change: too many wait");
    }
  }

  private void run() {
    try {
      while (true) {
        send(gather());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Map<String, LogChange> gather() throws InterruptedException {
    Map<String, LogChange> gathered = new LinkedHashMap<>();
    @Nullable LogChange next = waiting.take();
    long end = System.nanoTime() + GATHER_NANOS;
    while (next != null) {
      gathered.merge(next.sessionUid(), next, Notifier::later);
      next = waiting.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
    return gathered;
  }

  private static LogChange later(LogChange one, LogChange other) {
    return one.deleted() || other.head() < one.head() && !other.deleted() ? one : other;
  }

  private void send(Map<String, LogChange> changes) {
    List<String> payloads = Hints.payloads(me, changes.values());
    try {
      connections.write("hints to other servers", connection -> send(connection, payloads));
    } catch (LogException e) {
      LOG.atDebug().setCause(e).log("others are not told of changes and will see them later");
    }
  }

  private boolean send(Connection connection, List<String> payloads) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(NOTIFY)) {
      statement.setString(1, channel);
      statement.setArray(2, connection.createArrayOf("text", payloads.toArray()));
      return statement.execute();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
