package dev.rouse.log.postgres;

import dev.rouse.log.LogException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all logs take: asked for on every append, so answered from memory. Own appends are added at
 * once, those of other servers are seen when the database is asked again, in the background.
 */
final class TotalBytes {

  private static final Logger LOG = LoggerFactory.getLogger(TotalBytes.class);
  private static final long NANOS = Duration.ofSeconds(10).toNanos();

  private final Connections connections;
  private final LogRows rows;
  private final AtomicLong bytes;
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile long asked;

  TotalBytes(Connections connections, LogRows rows) {
    this.connections = connections;
    this.rows = rows;
    this.bytes = new AtomicLong(ask());
    this.asked = System.nanoTime();
  }

  private long ask() {
    return connections.read("the size of all logs", rows::totalBytes);
  }

  void add(long more) {
    bytes.addAndGet(more);
  }

  long now() {
    if (System.nanoTime() - asked > NANOS && asking.compareAndSet(false, true)) {
      Thread.startVirtualThread(() -> {
        try {
          // What is appended meanwhile may be missing until the next time.
          bytes.set(ask());
        } catch (LogException e) {
          LOG.atDebug().setCause(e).log("the size of all logs is not known anew");
        } finally {
          asked = System.nanoTime();
          asking.set(false);
        }
      });
    }
    return bytes.get();
  }
}
