package dev.rouse.log.sql;

import dev.rouse.log.Commit;
import dev.rouse.log.LogCorrupt;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogUnavailable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log in pages, and holds neither connection nor snapshot between them: commits never
 * change. While one page is taken the next one is loaded.
 */
public final class CommitReader implements Iterator<Commit> {

  private final LogKey key;
  private final Page.Source pages;
  private final long end;
  private final Queue<CommitRow> page = new ArrayDeque<>();
  private long next;
  private boolean begun;
  private boolean more = true;
  private @Nullable Future<Page> coming;

  private CommitReader(LogKey key, Page.Source pages, long from, long end) {
    this.key = key;
    this.pages = pages;
    this.next = from;
    this.end = end;
  }

  /** The commits that hold records from {@code from} until before {@code end}, read as needed. */
  public static Stream<Commit> stream(LogKey key, Page.Source pages, long from, long end) {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(
            new CommitReader(key, pages, from, end), Spliterator.ORDERED | Spliterator.NONNULL),
        false);
  }

  /** Where reading {@code limit} records from {@code from} on ends. */
  public static long end(long from, int limit) {
    return from > Long.MAX_VALUE - limit ? Long.MAX_VALUE : from + limit;
  }

  @Override
  public boolean hasNext() {
    if (page.isEmpty() && more) {
      more = next < end;
      if (more) {
        Page loaded = coming == null ? pages.load(next) : await(coming);
        page.addAll(loaded.rows());
        more = loaded.more() && !loaded.rows().isEmpty();
        coming = more ? loading(loaded.rows().getLast().last() + 1) : null;
      }
    }
    return !page.isEmpty();
  }

  private @Nullable Future<Page> loading(long from) {
    if (from >= end) {
      return null;
    }
    FutureTask<Page> task = new FutureTask<>(() -> pages.load(from));
    Thread.startVirtualThread(task);
    return task;
  }

  private Page await(Future<Page> loading) {
    try {
      return loading.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failed) {
        throw failed;
      }
      throw new IllegalStateException("a page of " + key.describe() + " was not loaded", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailable("interrupted while reading " + key.describe(), e);
    }
  }

  @Override
  public Commit next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    CommitRow row = page.remove();
    boolean follows = begun ? row.first() == next : row.first() <= next;
    if (!follows) {
      throw missing(key, next);
    }
    Commit commit = parse(row);
    if (commit.from() != row.first() || commit.to() != row.last()) {
      throw damaged(
          key, "the row of records " + row.first() + " to " + row.last() + " holds others", null);
    }
    begun = true;
    next = row.last() + 1;
    return commit;
  }

  private Commit parse(CommitRow row) {
    try {
      return CommitJson.read(row.body());
    } catch (IOException e) {
      throw damaged(
          key, "the row of records " + row.first() + " to " + row.last() + " is not a commit", e);
    }
  }

  /** Of a log that has a gap. */
  public static LogCorrupt missing(LogKey key, long seq) {
    return damaged(key, "record " + seq + " is missing", null);
  }

  /** Of a log that nobody here wrote like that. */
  public static LogCorrupt damaged(LogKey key, String what, @Nullable Throwable cause) {
    return new LogCorrupt(
        "the log of "
            + key.describe()
            + " is damaged, "
            + what
            + ": see the rows of its UID in the table commits",
        cause);
  }
}
