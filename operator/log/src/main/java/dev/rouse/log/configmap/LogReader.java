package dev.rouse.log.configmap;

import dev.rouse.log.Commit;
import dev.rouse.log.LogKey;
import java.io.IOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log's commits one after the other, a segment at a time. An object that is not there was
 * merged away meanwhile: the reader asks for the tail again and goes on where it was.
 */
final class LogReader implements Iterator<Commit> {

  /** So many tails in a row that name a missing object are no accident. */
  private static final int MAX_MISSING = 5;

  private final LogKey key;
  private final Slots.Slot slot;
  private final Tails tails;
  private final SegmentObjects segments;
  private final long end;
  private Tail tail;
  private long from;
  private Iterator<Commit> chunk = Collections.emptyIterator();
  private @Nullable Commit next;

  LogReader(
      LogKey key,
      Slots.Slot slot,
      Tails tails,
      SegmentObjects segments,
      Tail tail,
      long from,
      long end) {
    this.key = key;
    this.slot = slot;
    this.tails = tails;
    this.segments = segments;
    this.tail = tail;
    this.from = from;
    this.end = end;
  }

  @Override
  public boolean hasNext() {
    while (next == null) {
      if (!chunkHasNext()) {
        if (from >= end || from > tail.head()) {
          return false;
        }
        chunk = chunk();
      }
      take();
    }
    return true;
  }

  @Override
  public Commit next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the log has no record " + from);
    }
    Commit commit = Objects.requireNonNull(next, "hasNext found one");
    next = null;
    return commit;
  }

  private boolean chunkHasNext() {
    try {
      return chunk.hasNext();
    } catch (RuntimeException e) {
      throw Tails.corrupt(key, e);
    }
  }

  /** Takes the next commit of the chunk, unless it ends before what is asked for. */
  private void take() {
    Commit commit;
    boolean last;
    try {
      commit = chunk.next();
      last = !chunk.hasNext();
    } catch (RuntimeException e) {
      throw Tails.corrupt(key, e);
    }
    if (commit.from() > from || commit.to() > tail.head() || (commit.to() < from && last)) {
      throw Tails.corrupt(key, new IllegalStateException("record " + from + " is missing"));
    }
    if (commit.to() >= from) {
      next = commit;
      from = commit.to() + 1;
    }
  }

  private Iterator<Commit> chunk() {
    for (int missing = 0; missing < MAX_MISSING; missing++) {
      Optional<Segment> segment =
          tail.segments().stream().filter(candidate -> candidate.to() >= from).findFirst();
      Optional<byte[]> bytes =
          segment.isPresent()
              ? segments.read(key, segment.get())
              : Optional.of(tail.open().packed());
      if (bytes.isPresent()) {
        return commits(bytes.get());
      }
      Optional<Tail> fresh = tails.load(key, slot);
      if (fresh.isEmpty()) {
        return Collections.emptyIterator();
      }
      tail = fresh.get();
    }
    throw LogObjects.corrupt(
        key,
        key.namespace() + "/" + LogObjects.tailName(key),
        "names a segment for record " + from + " of which an object is missing",
        null);
  }

  private Iterator<Commit> commits(byte[] bytes) {
    try {
      return CommitCodec.commits(bytes);
    } catch (IOException e) {
      throw Tails.corrupt(key, e);
    }
  }
}
