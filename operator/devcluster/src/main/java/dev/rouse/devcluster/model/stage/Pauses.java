package dev.rouse.devcluster.model.stage;

import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The waits that scripts ask for. All of them end, with an error, when the server stops. */
public final class Pauses implements AutoCloseable {

  /** Looking is cheap and works on every file system; a watch per waiting call is scarce. */
  private static final Duration LOOK = Duration.ofMillis(10);

  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * Waits for a time.
   *
   * @throws InterruptedIOException if the server stops meanwhile
   */
  public void pause(Duration time) throws InterruptedIOException {
    try {
      if (stopped.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new InterruptedIOException("the server stops");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  /**
   * Waits until a file exists.
   *
   * @throws InterruptedIOException if the server stops meanwhile
   */
  public void awaitFile(Path file) throws InterruptedIOException {
    while (!Files.exists(file)) {
      pause(LOOK);
    }
  }

  @Override
  public void close() {
    stopped.countDown();
  }
}
