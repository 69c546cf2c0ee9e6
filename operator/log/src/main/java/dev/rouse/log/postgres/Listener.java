package dev.rouse.log.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on a connection of its own, and makes a new one whenever that is lost. */
final class Listener implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

  /** After so long without a word the server is asked whether it is there, and given as long. */
  private static final Duration SILENCE = Duration.ofSeconds(3);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);

  private final Source source;
  private final String channel;
  private final Consumer<String> heard;
  private final Runnable moved;
  private final Thread thread;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean listening;
  private Duration pause = FIRST_PAUSE;

  /**
   * Begins to listen.
   *
   * @param heard what is done with a payload
   * @param moved called when it begins to listen, or cannot any more
   */
  Listener(PostgresSettings settings, String channel, Consumer<String> heard, Runnable moved) {
    this.source = new Source(settings, "primary").withAnswerIn(SILENCE.toSeconds());
    this.channel = channel;
    this.heard = heard;
    this.moved = moved;
    this.thread = Thread.ofVirtual().name("log-listener").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Whether changes of others are heard of now. */
  boolean isListening() {
    return listening;
  }

  private void run() {
    while (closed.getCount() > 0) {
      try (Connection connection = source.getConnection()) {
        listen(connection);
      } catch (SQLException e) {
        lost(e);
      }
    }
  }

  private void listen(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN " + channel);
      listening = true;
      pause = FIRST_PAUSE;
      moved.run();
      LOG.atInfo().log("hears of what other servers append");
      PGConnection notifications = connection.unwrap(PGConnection.class);
      while (closed.getCount() > 0) {
        PGNotification[] all = notifications.getNotifications((int) SILENCE.toMillis());
        if (all == null || all.length == 0) {
          statement.execute("SELECT 1");
        } else {
          for (PGNotification notification : all) {
            heard.accept(notification.getParameter());
          }
        }
      }
    }
  }

  private void lost(SQLException e) {
    if (closed.getCount() == 0) {
      return;
    }
    if (listening) {
      listening = false;
      moved.run();
      LOG.atWarn()
          .setCause(e)
          .log("does not hear of what other servers append: open logs are looked at more often");
    }
    try {
      closed.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    pause =
        pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
  }

  @Override
  public void close() {
    // A virtual thread that waits for a socket closes it when interrupted.
    closed.countDown();
    thread.interrupt();
  }
}
