package dev.rouse.harness.loop;

import dev.rouse.harness.ExitCode;
import dev.rouse.harness.server.Refused;
import dev.rouse.harness.server.SessionServer;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.protocol.BrainProtocol.Code;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the journal up with the log, whoever writes to it. Without it an interrupt would be heard
 * only at the next commit.
 */
final class Follower implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

  /** The least time between two connections that brought nothing. */
  private static final Duration RECONNECT = Duration.ofMillis(200);

  private final SessionServer server;
  private final Journal journal;
  private final Appender appender;
  private final Thread thread;

  private Follower(SessionServer server, Journal journal, Appender appender) {
    this.server = server;
    this.journal = journal;
    this.appender = appender;
    this.thread = Thread.ofVirtual().name("follower").unstarted(this::run);
  }

  static Follower start(SessionServer server, Journal journal, Appender appender) {
    Follower follower = new Follower(server, journal, appender);
    follower.thread.start();
    return follower;
  }

  // Whatever ends this thread must end the brain: deaf, it could neither be stopped nor go on.
  @SuppressWarnings("CatchThrowable")
  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        long before = journal.head();
        followOnce();
        if (journal.head() == before) {
          appender.pause(RECONNECT);
        }
      }
    } catch (Halt e) {
      journal.halt(e);
    } catch (Throwable e) {
      journal.halt(Halt.internal("cannot follow the log: " + e, e));
    }
  }

  private void followOnce() {
    try {
      server.follow(journal.head() + 1, this::heard);
    } catch (IOException e) {
      LOG.debug("The connection that follows the log ended, will open another: {}", e.toString());
    } catch (Refused e) {
      if (e.code() != Code.UNAVAILABLE && e.code() != Code.UNAUTHENTICATED) {
        throw Appender.lost("follow the log", e);
      }
    }
  }

  private void heard(LogRecord record) {
    // A brain that was thought dead hears here that it was replaced, and not only when it writes.
    if (record.event() instanceof InternalEvent.Woken woken && woken.epoch() > appender.epoch()) {
      throw new Halt(ExitCode.FENCED, "another brain woke with epoch " + woken.epoch(), null);
    }
    journal.add(List.of(record));
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
