package dev.rouse.server.http;

import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * An answer that is written bit by bit. At most {@link #BUFFER} and one more piece wait for a
 * client: one that does not read is waited for a while, then cut off. Counted here and not left to
 * the connection's own write queue, which learns of a write only when its event loop gets to it.
 * Safe for use by several threads.
 */
public final class ResponseStream implements AutoCloseable {

  /** Bytes that wait for a client before its stream counts as full. */
  static final int BUFFER = 64 * 1024;

  private final HttpServerResponse response;
  private final Duration patience;
  private final Consumer<ResponseStream> ended;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final AtomicLong waiting = new AtomicLong();
  private boolean open = true;

  /**
   * Takes over a response whose headers are set.
   *
   * @param patience how long a client may read nothing
   * @param ended called once, when the stream is over for whatever reason
   */
  ResponseStream(HttpServerResponse response, Duration patience, Consumer<ResponseStream> ended) {
    this.response = response;
    this.patience = patience;
    this.ended = ended;
    response.setWriteQueueMaxSize(BUFFER);
  }

  /** Begins to look out for a client that goes, or has gone already: nobody tells of that again. */
  void watch() {
    // Off the event loop: it must not wait for a writer that holds the lock.
    response.exceptionHandler(_ -> Thread.startVirtualThread(this::broken));
    response.closeHandler(_ -> Thread.startVirtualThread(this::broken));
    if (response.closed()) {
      broken();
    }
  }

  /** Whether the client is there, as far as known. */
  public boolean isOpen() {
    lock.lock();
    try {
      return open;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Writes, waiting while the client is slow.
   *
   * @throws IOException when the client is gone, or read nothing for too long
   */
  public void write(byte[] bytes) throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = patience.toNanos();
      while (open && isFull()) {
        if (left <= 0) {
          cut();
          throw new IOException("the client read nothing for " + patience.toSeconds() + " s");
        }
        left = moved.awaitNanos(left);
      }
      if (!open) {
        throw new IOException("the client is gone");
      }
      send(bytes);
    } finally {
      lock.unlock();
    }
  }

  /** Writes if that is possible at once. */
  public boolean offer(byte[] bytes) {
    if (!lock.tryLock()) {
      return false;
    }
    try {
      if (!open || isFull()) {
        return false;
      }
      send(bytes);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Bytes that wait for the client. */
  long waiting() {
    return waiting.get();
  }

  private boolean isFull() {
    return waiting.get() >= BUFFER;
  }

  private void send(byte[] bytes) {
    waiting.addAndGet(bytes.length);
    response.write(Buffer.buffer(bytes)).onComplete(written -> sent(bytes.length, written));
  }

  private void sent(int length, AsyncResult<Void> written) {
    if (written.failed()) {
      Thread.startVirtualThread(this::broken);
    }
    long left = waiting.addAndGet(-length);
    if (left < BUFFER && left + length >= BUFFER) {
      Thread.startVirtualThread(this::signal);
    }
  }

  /** Ends the answer in good order. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (open) {
        open = false;
        response.end();
        over();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Breaks the connection, so that the client does not take what it has for the whole. */
  public void cut() {
    lock.lock();
    try {
      if (open) {
        open = false;
        response.reset();
        over();
      }
    } finally {
      lock.unlock();
    }
  }

  private void broken() {
    lock.lock();
    try {
      if (open) {
        open = false;
        over();
      }
    } finally {
      lock.unlock();
    }
  }

  private void over() {
    moved.signalAll();
    ended.accept(this);
  }

  private void signal() {
    lock.lock();
    try {
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
