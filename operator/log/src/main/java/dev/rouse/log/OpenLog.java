package dev.rouse.log;

import dev.rouse.session.Event;
import dev.rouse.session.Fold;
import dev.rouse.session.LogRecord;
import dev.rouse.session.SessionState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * What this process knows of one log: its fold, what must not happen twice, and its last records.
 * It only ever trails the store, by whole commits; {@link #catchUp} closes the gap.
 *
 * <p>One lock guards it and is held during store calls, so that appends of one process to one log
 * do not compete with each other.
 */
final class OpenLog {

  private static final int ALL = Integer.MAX_VALUE;
  private static final int MOST_UNCERTAIN = 16;

  private final LogKey key;
  private final LogStore store;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final Fold fold = new Fold();
  private final LogIndex index = new LogIndex();
  private final Witness witness;

  /** Commits of this process that may be stored or not: it was not told. The last ones only. */
  private final Deque<Commit.Mark> uncertain = new ArrayDeque<>();

  private final RecentRecords recent = new RecentRecords();
  private volatile SessionState state = SessionState.empty();
  private volatile SessionState copied = SessionState.empty();
  private volatile Head head = Head.NONE;
  private boolean loaded;
  private volatile boolean ended;

  OpenLog(LogKey key, LogStore store, Witness witness) {
    this.key = key;
    this.store = store;
    this.witness = witness;
  }

  LogKey key() {
    return key;
  }

  /** The last state that this process saw; the store may be ahead. */
  SessionState state() {
    return state;
  }

  /**
   * The same, also of half a copy: everything that the store has, whether it may be shown or not.
   */
  SessionState copied() {
    return copied;
  }

  /**
   * Whether the store holds half a copy, which is no log yet: nobody may see it or go on with it.
   */
  boolean isHalf() {
    return copied.exists() && !state.exists();
  }

  /** The last head that this process saw. */
  Head head() {
    return head;
  }

  ReentrantLock lock() {
    return lock;
  }

  LogIndex index() {
    return index;
  }

  /** Whether nothing was read yet, so that even a trailing answer needs the store. */
  boolean isNew() {
    return !loaded;
  }

  /** Asks the store for the head and takes in everything up to it. */
  void catchUp() {
    lock.lock();
    try {
      Head now = store.head(key);
      if (now.seq() < copied.head()) {
        end();
        throw new LogDeleted("the log of " + key.describe() + " was deleted", null);
      }
      if (now.seq() > copied.head()) {
        try (Stream<Commit> commits = store.read(key, copied.head() + 1, ALL)) {
          commits.forEach(commit -> fold(commit, isUncertain(commit)));
        } finally {
          publish(now);
        }
        if (copied.head() < now.seq()) {
          throw new LogUnavailable(
              "the log of " + key.describe() + " ended while it was read: try again", null);
        }
      }
      head = now;
      loaded = true;
    } finally {
      lock.unlock();
    }
  }

  /** The same, unless {@code seq} is known by now: a hint often comes from this process itself. */
  void catchUpTo(long seq) {
    lock.lock();
    try {
      if (copied.head() < seq) {
        catchUp();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes in a commit that was stored just now. */
  void add(Commit commit, Head after) {
    fold(commit, true);
    publish(after);
  }

  /** Remembers a commit whose append had no answer, until the log tells what became of it. */
  void unsure(Commit commit) {
    uncertain.add(commit.mark());
    if (uncertain.size() > MOST_UNCERTAIN) {
      uncertain.remove();
    }
  }

  private boolean isUncertain(Commit commit) {
    return !uncertain.isEmpty() && uncertain.contains(commit.mark());
  }

  private void fold(Commit commit, boolean ours) {
    index.add(commit);
    for (LogRecord record : commit.records()) {
      fold.add(record);
      recent.add(record);
    }
    // What was to follow an earlier head is here by now, or never will be.
    uncertain.removeIf(it -> it.from() <= commit.to());
    witness.saw(commit, ours);
  }

  private void publish(Head now) {
    copied = fold.state();
    boolean ours = copied.home() == null || copied.home().equals(key.sessionUid());
    state = ours ? copied : SessionState.empty();
    head = new Head(copied.head(), now.bytes());
    moved.signalAll();
  }

  /** The state as it would be with these events appended. */
  SessionState after(List<Event> events) {
    Fold next = fold.copy();
    long seq = copied.head();
    for (Event event : events) {
      next.add(LogRecord.of(++seq, Instant.EPOCH, copied.epoch(), event));
    }
    return next.state();
  }

  /** These records, from memory where possible. */
  List<LogRecord> records(long from, int limit) {
    Optional<List<LogRecord>> known;
    lock.lock();
    try {
      known = recent.from(from, limit);
    } finally {
      lock.unlock();
    }
    return known.orElseGet(() -> Records.of(store, key, from, limit).toList());
  }

  Optional<LogRecord> first(Answer answer) {
    return index.answer(answer).flatMap(seq -> records(seq, 1).stream().findFirst());
  }

  /**
   * Waits until there is a record {@code seq}.
   *
   * @return false when the time is up, or when the log has ended without it
   */
  boolean await(long seq, Duration timeout) throws InterruptedException {
    long left = timeout.toNanos();
    lock.lockInterruptibly();
    try {
      while (state.head() < seq && !ended) {
        if (left <= 0) {
          return false;
        }
        left = moved.awaitNanos(left);
      }
      return state.head() >= seq;
    } finally {
      lock.unlock();
    }
  }

  /** No more records will come: the log was deleted, or this process lets go of it. */
  void end() {
    lock.lock();
    try {
      ended = true;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isEnded() {
    return ended;
  }
}
