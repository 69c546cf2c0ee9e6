package dev.rouse.log.postgres;

import dev.rouse.log.LogChange;
import dev.rouse.log.LogException;
import dev.rouse.log.LogKey;
import dev.rouse.log.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells followers of changes: own ones at once, those of others by hints, and whatever hints miss
 * by looking at the heads of the logs that are open here.
 *
 * <p>When it begins to listen, and again after each time that it could not, it tells where all logs
 * are: what happened in between, nobody says again.
 */
final class Changes implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Changes.class);

  static final Duration LISTENING = Duration.ofSeconds(2);
  static final Duration DEAF = Duration.ofMillis(200);

  private final String me = UUID.randomUUID().toString();
  private final List<Consumer<LogChange>> listeners = new CopyOnWriteArrayList<>();
  private final AtomicBoolean begun = new AtomicBoolean();
  private final Heads heads;
  private final Notifier notifier;
  private final Listener listener;
  private final Thread looking = Thread.ofVirtual().name("log-heads").unstarted(this::look);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private boolean atOnce;
  private boolean all;
  private boolean failing;

  Changes(PostgresSettings settings, Connections connections) {
    String channel = settings.schema() + "_logs";
    this.heads = new Heads(connections, settings.schema());
    this.notifier = new Notifier(connections, me, channel);
    this.listener = new Listener(settings, channel, this::heard, this::moved);
  }

  /** Tells this one from now on. The first one makes us listen. */
  Subscription follow(Consumer<LogChange> follower) {
    listeners.add(follower);
    if (begun.compareAndSet(false, true)) {
      listener.start();
      looking.start();
    }
    return () -> listeners.remove(follower);
  }

  /** A head that somebody here was told: from now on that log is looked at. */
  void seen(LogKey key, long head) {
    heads.seen(key.namespace(), key.sessionUid(), head);
  }

  /** Nobody here needs this log any more. */
  void forget(String uid) {
    heads.forget(uid);
  }

  /** This process changed a log. */
  void made(LogChange change) {
    tell(change);
    notifier.tell(change);
  }

  private void heard(String payload) {
    Hints.parse(payload)
        .ifPresentOrElse(
            hints -> {
              // Hints change nothing that is known here: who sends a wrong one hides nothing.
              if (!hints.from().equals(me)) {
                hints.changes().forEach(this::tell);
              }
            },
            () -> wake(false));
  }

  private void moved() {
    wake(listener.isListening());
  }

  private void wake(boolean everything) {
    lock.lock();
    try {
      atOnce = true;
      all |= everything;
      woken.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void look() {
    try {
      while (true) {
        look(await());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until it is time. @return whether all logs are to be looked at */
  private boolean await() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = (listener.isListening() ? LISTENING : DEAF).toNanos();
      while (!atOnce && left > 0) {
        left = woken.awaitNanos(left);
      }
      atOnce = false;
      boolean everything = all;
      all = false;
      return everything;
    } finally {
      lock.unlock();
    }
  }

  private void look(boolean everything) {
    try {
      heads.moved().forEach(this::tell);
      if (everything) {
        heads.all(this::tell);
      }
      if (failing) {
        failing = false;
        LOG.atInfo().log("sees again what other servers append");
      }
    } catch (LogException e) {
      if (everything) {
        lock.lock();
        all = true;
        lock.unlock();
      }
      if (!failing && !Thread.currentThread().isInterrupted()) {
        failing = true;
        LOG.atWarn().setCause(e).log("does not see what other servers append, and goes on trying");
      }
    }
  }

  private void tell(LogChange change) {
    for (Consumer<LogChange> follower : listeners) {
      try {
        follower.accept(change);
      } catch (RuntimeException e) {
        LOG.atError()
            .addKeyValue("session", change.sessionUid())
            .setCause(e)
            .log("somebody who follows the logs failed at a change");
      }
    }
  }

  @Override
  public void close() {
    listener.close();
    looking.interrupt();
    notifier.close();
  }
}
