package dev.rouse.log.sqlite;

import dev.rouse.log.LogCorrupt;
import dev.rouse.log.LogException;
import dev.rouse.log.LogTooLarge;
import dev.rouse.log.LogUnavailable;
import dev.rouse.log.OutcomeUnknown;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes. It takes everything that waits into one transaction and answers after
 * the COMMIT: while the disk works for some, the next ones gather, so many pay for one fsync
 * together. What cannot be stored undoes them all, and each is done again by itself: that is rare,
 * and a savepoint for each would copy every page that it touches.
 */
final class GroupCommit implements AutoCloseable {

  /**
   * Something to be done in the transaction; a {@link LogException} says that it changed nothing.
   */
  @FunctionalInterface
  interface Work<T> {
    T run(LogRows rows) throws SQLException;
  }

  private static final int MOST = 256;
  private static final long MOST_BYTES = 32L * 1024 * 1024;

  private final Database database;
  private final LogRows rows;
  private final Ending ending;
  private final long walBytes;
  private final BlockingQueue<Pending<?>> queue = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile boolean failed;
  private boolean closed;

  /** The size of the write-ahead log from which readers are waited for; the writer's alone. */
  private long checkpointAt;

  GroupCommit(Database database, LogRows rows, Ending ending, long walBytes) {
    this.database = database;
    this.rows = rows;
    this.ending = ending;
    this.walBytes = walBytes;
    this.checkpointAt = walBytes;
    this.thread = Thread.ofPlatform().name("log-writer").daemon().start(this::write);
  }

  /** Somebody who waits for an answer. */
  private static final class Pending<T> {
    final CompletableFuture<T> answer = new CompletableFuture<>();
    final Work<T> work;
    final String what;
    final long bytes;
    private @Nullable T done;
    private @Nullable RuntimeException refused;

    Pending(Work<T> work, String what, long bytes) {
      this.work = work;
      this.what = what;
      this.bytes = bytes;
    }

    /** Throws what undoes the whole transaction. */
    void attempt(LogRows rows) throws SQLException {
      done = null;
      refused = null;
      try {
        done = work.run(rows);
      } catch (LogException e) {
        refused = e;
      }
    }

    void refuse(RuntimeException cause) {
      refused = cause;
    }

    void tell() {
      if (refused == null) {
        answer.complete(done);
      } else {
        answer.completeExceptionally(refused);
      }
    }
  }

  /**
   * Does something in a transaction, and returns when it has reached the disk.
   *
   * @param what the log that it is about, for messages
   * @param bytes about how much is written
   */
  <T> T write(String what, long bytes, Work<T> work) {
    Pending<T> pending = new Pending<>(work, what, bytes);
    synchronized (queue) {
      if (closed || failed) {
        throw new LogUnavailable("the log store is closed: nothing is written for " + what, null);
      }
      queue.add(pending);
    }
    try {
      return pending.answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException refused) {
        throw refused;
      }
      throw e;
    }
  }

  private void write() {
    List<Pending<?>> batch = new ArrayList<>();
    try {
      while (gather(batch)) {
        commit(batch);
        batch.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException | RuntimeException | Error e) {
      fail(batch, e);
    }
  }

  /** Waits for the first one and takes all that are there; false when there will be none. */
  private boolean gather(List<Pending<?>> batch) throws InterruptedException {
    Pending<?> next = queue.take();
    long bytes = 0;
    while (next != null && next.work != STOP) {
      batch.add(next);
      bytes += next.bytes;
      next = batch.size() < MOST && bytes < MOST_BYTES ? queue.poll() : null;
    }
    if (next != null && !batch.isEmpty()) {
      queue.add(next);
    }
    return !batch.isEmpty();
  }

  private void commit(List<Pending<?>> batch) throws SQLException {
    try {
      transact(batch);
    } catch (SQLException | RuntimeException e) {
      if (e instanceof SQLException fault && Fault.of(fault) == Fault.FATAL) {
        throw e;
      }
      rows.rollback();
      if (batch.size() > 1) {
        // One may be what cannot be stored, and removing makes room: each by itself.
        for (Pending<?> pending : batch) {
          commit(List.of(pending));
        }
        return;
      }
      Pending<?> only = batch.getFirst();
      only.refuse(e instanceof SQLException fault ? refusal(only, fault) : (RuntimeException) e);
    }
    batch.forEach(Pending::tell);
    boundWriteAheadLog();
  }

  private LogException refusal(Pending<?> pending, SQLException e) throws SQLException {
    return switch (Fault.of(e)) {
      case TOO_LARGE -> LogTooLarge.commit(pending.what, pending.bytes, e);
      case ODD ->
          new LogCorrupt(
              "the log store holds commits behind the head of "
                  + pending.what
                  + ": see its table commits",
              e);
      case FULL ->
          new LogUnavailable(
              "the volume of the log store "
                  + database.file()
                  + " is full, and nothing was stored for "
                  + pending.what
                  + ": enlarge it or delete sessions that are done, and try again",
              e);
      case BUSY ->
          new LogUnavailable(
              "the log store is busy, and nothing was stored for " + pending.what + ": try again",
              e);
      case FATAL -> throw e;
    };
  }

  private void transact(List<Pending<?>> batch) throws SQLException {
    rows.begin();
    for (Pending<?> pending : batch) {
      pending.attempt(rows);
    }
    rows.commit();
  }

  /**
   * SQLite begins its write-ahead log anew when no reader needs it; under readers that never pause
   * it would grow for ever, so they are waited for.
   */
  private void boundWriteAheadLog() throws SQLException {
    try {
      long size = Files.size(database.writeAheadLog());
      if (size > checkpointAt) {
        // A backup may be in the way for minutes: it is not waited for at every commit.
        checkpointAt = rows.checkpoint() ? walBytes : size + walBytes / 4;
      }
    } catch (IOException e) {
      throw new SQLException("the write-ahead log of " + database.file() + " is not there", e);
    }
  }

  private void fail(List<Pending<?>> batch, Throwable cause) {
    List<Pending<?>> waiting = new ArrayList<>();
    synchronized (queue) {
      failed = true;
      queue.drainTo(waiting);
    }
    ending.end(cause);
    // Only who does not end the process comes here.
    batch.forEach(it ->
        it.answer.completeExceptionally(
            new OutcomeUnknown(
                "the log store failed while it wrote for " + it.what + ": try again", cause)));
    waiting.forEach(it ->
        it.answer.completeExceptionally(
            new LogUnavailable("the log store failed before it wrote for " + it.what, cause)));
  }

  private static final Work<Boolean> STOP = _ -> true;

  /** Finishes what waits, and takes nothing more. */
  @Override
  public void close() {
    synchronized (queue) {
      if (!closed && !failed) {
        queue.add(new Pending<>(STOP, "", 0));
      }
      closed = true;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
