package dev.rouse.devcluster.launch;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Work that must clean up after itself however it is told to stop: on Ctrl-C or kill it is
 * interrupted wherever it is, and the process ends only when it has returned.
 */
public final class Foreground {

  private static final Duration LAST_WORK = Duration.ofSeconds(30);

  private Foreground() {}

  /** Runs {@code work} in this thread. */
  public static int run(Callable<Integer> work) throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    Thread worker = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(worker, ended), "stop"));
    try {
      return work.call();
    } finally {
      ended.countDown();
    }
  }

  private static void stop(Thread worker, CountDownLatch ended) {
    if (ended.getCount() == 0) {
      return;
    }
    worker.interrupt();
    try {
      if (!ended.await(LAST_WORK.toSeconds(), TimeUnit.SECONDS)) {
        System.err.println("rouse-dev: not everything ended in time; the next start removes it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
