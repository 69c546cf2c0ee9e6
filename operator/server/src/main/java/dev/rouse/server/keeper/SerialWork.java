package dev.rouse.server.keeper;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does work by key: never twice at once for one key, and once more if the key was asked for
 * meanwhile. What fails is done again, at first after a second, later after 30.
 */
final class SerialWork implements AutoCloseable {

  /** Does what there is to do for a key. */
  @FunctionalInterface
  interface Task {
    void run(String key) throws Exception;
  }

  private static final Logger LOG = LoggerFactory.getLogger(SerialWork.class);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);

  private final Task task;
  private final Semaphore slots;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("keeper-timer").factory());

  /** Keys under way; true when the key was asked for again. */
  private final Map<String, Boolean> underWay = new HashMap<>();

  /** When a key is to be done at the latest, in {@link System#nanoTime}. */
  private final Map<String, Long> timed = new HashMap<>();

  private final Map<String, Duration> failed = new HashMap<>();

  /**
   * Makes an idle one.
   *
   * @param atOnce how many keys are worked on at the same time
   */
  SerialWork(Task task, int atOnce) {
    this.task = task;
    this.slots = new Semaphore(atOnce);
  }

  /** Asks for a key's work to be done soon. */
  void submit(String key) {
    synchronized (underWay) {
      if (underWay.replace(key, true) != null) {
        return;
      }
      underWay.put(key, false);
    }
    try {
      workers.execute(() -> work(key));
    } catch (RejectedExecutionException e) {
      LOG.atDebug().addKeyValue("session", key).log("stopping: not done any more");
    }
  }

  /** Asks for a key's work to be done after {@code delay}, unless that is asked for earlier. */
  void submitIn(String key, Duration delay) {
    long at = System.nanoTime() + delay.toNanos();
    synchronized (timed) {
      Long known = timed.get(key);
      if (known != null && known - at <= 0) {
        return;
      }
      timed.put(key, at);
    }
    try {
      timer.schedule(() -> due(key, at), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.atDebug().addKeyValue("session", key).log("stopping: not done any more");
    }
  }

  private void due(String key, long at) {
    synchronized (timed) {
      if (!timed.remove(key, at)) {
        return;
      }
    }
    submit(key);
  }

  private void work(String key) {
    try {
      slots.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      do {
        once(key);
      } while (isAskedAgain(key));
    } finally {
      slots.release();
    }
  }

  private boolean isAskedAgain(String key) {
    synchronized (underWay) {
      if (Boolean.TRUE.equals(underWay.get(key)) && !workers.isShutdown()) {
        underWay.put(key, false);
        return true;
      }
      underWay.remove(key);
      return false;
    }
  }

  private void once(String key) {
    try {
      task.run(key);
      synchronized (failed) {
        failed.remove(key);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      if (workers.isShutdown()) {
        return;
      }
      Duration pause;
      synchronized (failed) {
        Duration last = failed.get(key);
        Duration next = last == null ? FIRST_RETRY : last.multipliedBy(2);
        pause = next.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : next;
        failed.put(key, pause);
      }
      LOG.atWarn()
          .addKeyValue("session", key)
          .setCause(e)
          .log("could not do what a session needs; again in {}", pause);
      submitIn(key, pause);
    }
  }

  /** Forgets what failed for a key that is gone. */
  void forget(String key) {
    synchronized (failed) {
      failed.remove(key);
    }
    synchronized (timed) {
      timed.remove(key);
    }
  }

  /** Lets what is under way finish, for a moment. */
  @Override
  public void close() {
    timer.shutdownNow();
    workers.shutdown();
    try {
      if (!workers.awaitTermination(5, TimeUnit.SECONDS)) {
        workers.shutdownNow();
      }
    } catch (InterruptedException e) {
      workers.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
