package dev.rouse.e2e.bed;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/**
 * A bed that ends with the last test, or stays up until Ctrl-C if {@code rouse.bed.keep} is set.
 *
 * @param bed that is up
 */
record Held(Bed bed) implements AutoCloseable {

  @Override
  public void close() throws IOException, InterruptedException {
    if (Boolean.getBoolean("rouse.bed.keep")) {
      System.out.println("\nThe bed stays up. In another terminal:\n");
      bed.instructions().forEach(line -> System.out.println("  " + line));
      System.out.println("\nCtrl-C ends it.");
      System.out.flush();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException toldToStop) {
        Thread.currentThread().interrupt();
      }
    }
    bed.close();
  }
}
