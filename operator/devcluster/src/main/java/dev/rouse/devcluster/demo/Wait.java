package dev.rouse.devcluster.demo;

import dev.rouse.devcluster.process.Check;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for something by looking, 20 times a second. */
final class Wait {

  private static final long LOOK_MILLIS = 50;

  private Wait() {}

  /**
   * Returns once {@code check} holds.
   *
   * @throws DemoFailedException when it does not within {@code longest}
   */
  static void until(String what, Duration longest, Check check) throws InterruptedException {
    long deadline = System.nanoTime() + longest.toNanos();
    CountDownLatch never = new CountDownLatch(1);
    while (!holds(check)) {
      if (System.nanoTime() - deadline > 0) {
        throw new DemoFailedException(
            "waited %d s in vain until %s".formatted(longest.toSeconds(), what));
      }
      never.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private static boolean holds(Check check) throws InterruptedException {
    try {
      return check.holds();
    } catch (InterruptedException | DemoFailedException e) {
      throw e;
    } catch (Exception notYet) {
      return false;
    }
  }
}
