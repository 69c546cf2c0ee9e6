package dev.rouse.log.memory;

import dev.rouse.log.AppendResult;
import dev.rouse.log.Commit;
import dev.rouse.log.Head;
import dev.rouse.log.LogChange;
import dev.rouse.log.LogCorrupt;
import dev.rouse.log.LogDeleted;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogStore;
import dev.rouse.log.LogUnavailable;
import dev.rouse.log.OutcomeUnknown;
import dev.rouse.log.Subscription;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Keeps logs as JSON in memory, and fails on demand. Several {@code SessionLogs} over one of these
 * are several servers over one store.
 *
 * <p>Commits go through their JSON form, so that a test sees what a real store would give back.
 */
public final class InMemoryLogStore implements LogStore {

  /** When a planned failure strikes. */
  public enum Failure {
    /** The append fails and nothing is stored. */
    UNAVAILABLE,
    /** The append's answer is lost and nothing was stored. */
    LOST_BEFORE,
    /** The append's answer is lost although it was stored. */
    LOST_AFTER
  }

  private record Stored(long from, long to, byte[] json) {}

  private final Map<String, List<Stored>> logs = new HashMap<>();
  private final Map<String, Long> deleted = new HashMap<>();
  private final List<Consumer<LogChange>> followers = new CopyOnWriteArrayList<>();
  private final Map<Long, Failure> planned = new HashMap<>();
  private final AtomicLong heads = new AtomicLong();
  private long appends;
  private boolean readsFail;
  private boolean hints = true;

  /** Plans a failure of the {@code nth} append from now on, counted from 1. */
  public synchronized InMemoryLogStore failAppend(int nth, Failure failure) {
    planned.put(appends + nth, failure);
    return this;
  }

  /** Makes the last commit of a log unreadable. */
  public synchronized void damage(LogKey key) {
    List<Stored> log = logs.getOrDefault(key.sessionUid(), List.of());
    Stored last = log.getLast();
    log.set(log.size() - 1, new Stored(last.from(), last.to(), new byte[] {'x'}));
  }

  /** Lets every head and read fail, or work again. */
  public synchronized void failReads(boolean fail) {
    readsFail = fail;
  }

  /** Whether followers hear of changes. */
  public synchronized void sendHints(boolean send) {
    hints = send;
  }

  /** How often the head was asked for. */
  public long headCalls() {
    return heads.get();
  }

  /** How many appends reached the store, failed ones included. */
  public synchronized long appendCalls() {
    return appends;
  }

  @Override
  public synchronized Head head(LogKey key) {
    heads.incrementAndGet();
    if (readsFail) {
      throw new LogUnavailable("reading was switched off for " + key.describe(), null);
    }
    return headOf(key);
  }

  private Head headOf(LogKey key) {
    List<Stored> log = logs.getOrDefault(key.sessionUid(), List.of());
    return log.isEmpty()
        ? Head.NONE
        : new Head(log.getLast().to(), log.stream().mapToLong(stored -> stored.json.length).sum());
  }

  @Override
  public AppendResult append(LogKey key, long expectedHead, Commit commit) {
    AppendResult result = tryAppend(key, expectedHead, commit);
    if (result instanceof AppendResult.Stored stored && hints) {
      tell(new LogChange(key.namespace(), key.sessionUid(), stored.head().seq(), false));
    }
    return result;
  }

  private synchronized AppendResult tryAppend(LogKey key, long expectedHead, Commit commit) {
    Failure failure = planned.remove(++appends);
    if (failure == Failure.UNAVAILABLE) {
      throw new LogUnavailable("planned failure of append " + appends, null);
    }
    if (failure == Failure.LOST_BEFORE) {
      throw new OutcomeUnknown("planned loss of append " + appends, null);
    }
    Head head = headOf(key);
    if (head.seq() != expectedHead) {
      if (deleted.containsKey(key.sessionUid())) {
        throw new LogDeleted("the log of " + key.describe() + " was deleted", null);
      }
      return new AppendResult.Conflict(head);
    }
    if (commit.from() != expectedHead + 1) {
      throw new IllegalArgumentException("commit " + commit.appendId() + " does not fit the head");
    }
    logs.computeIfAbsent(key.sessionUid(), _ -> new ArrayList<>())
        .add(new Stored(commit.from(), commit.to(), write(commit)));
    if (failure == Failure.LOST_AFTER) {
      throw new OutcomeUnknown("planned loss of the answer to append " + appends, null);
    }
    return new AppendResult.Stored(headOf(key));
  }

  @Override
  public synchronized Stream<Commit> read(LogKey key, long from, int limit) {
    if (readsFail) {
      throw new LogUnavailable("reading was switched off for " + key.describe(), null);
    }
    long end = from > Long.MAX_VALUE - limit ? Long.MAX_VALUE : from + limit;
    return List.copyOf(logs.getOrDefault(key.sessionUid(), List.of())).stream()
        .filter(stored -> stored.to() >= from && stored.from() < end)
        .map(stored -> parse(key, stored.json()));
  }

  @Override
  public Subscription follow(Consumer<LogChange> listener) {
    followers.add(listener);
    return () -> followers.remove(listener);
  }

  @Override
  public synchronized long totalBytes() {
    return logs.values().stream().flatMap(List::stream).mapToLong(log -> log.json.length).sum();
  }

  @Override
  public void close(LogKey key) {}

  @Override
  public void delete(LogKey key) {
    synchronized (this) {
      Head head = headOf(key);
      logs.remove(key.sessionUid());
      deleted.put(key.sessionUid(), head.seq());
    }
    tell(new LogChange(key.namespace(), key.sessionUid(), -1, true));
  }

  @Override
  public void close() {
    followers.clear();
  }

  private void tell(LogChange change) {
    followers.forEach(follower -> follower.accept(change));
  }

  private static byte[] write(Commit commit) {
    try {
      return EventCodec.JSON.writeValueAsBytes(commit);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Commit parse(LogKey key, byte[] json) {
    try {
      return EventCodec.JSON.readValue(json, Commit.class);
    } catch (IOException e) {
      throw new LogCorrupt("the log of " + key.describe() + " is damaged", e);
    }
  }
}
