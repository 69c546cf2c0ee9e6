package dev.rouse.server;

import dev.rouse.log.AppendResult;
import dev.rouse.log.Commit;
import dev.rouse.log.Head;
import dev.rouse.log.LogChange;
import dev.rouse.log.LogException;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogStore;
import dev.rouse.log.Subscription;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Another store, with something happening right before an append, or with logs nobody can read. */
public final class TamperedStore implements LogStore {

  private record Trap(Predicate<Commit> commit, Runnable action) {}

  private final LogStore store;
  private final AtomicReference<@Nullable Trap> trap = new AtomicReference<>();
  private final AtomicInteger reads = new AtomicInteger();
  private volatile @Nullable LogException unreadable;

  public TamperedStore(LogStore store) {
    this.store = store;
  }

  /** Runs {@code action} once, before the first of these commits is stored. */
  public void before(Predicate<Commit> commit, Runnable action) {
    trap.set(new Trap(commit, action));
  }

  /** Every call for any log fails so from now on; null: none does any more. */
  public void unreadable(@Nullable LogException failure) {
    unreadable = failure;
  }

  /** How often a log was read. */
  public int reads() {
    return reads.get();
  }

  private void look() {
    if (unreadable != null) {
      throw unreadable;
    }
  }

  @Override
  public Head head(LogKey key) {
    look();
    return store.head(key);
  }

  @Override
  public AppendResult append(LogKey key, long expectedHead, Commit commit) {
    Trap set = trap.get();
    if (set != null && set.commit().test(commit) && trap.compareAndSet(set, null)) {
      set.action().run();
    }
    look();
    return store.append(key, expectedHead, commit);
  }

  @Override
  public Stream<Commit> read(LogKey key, long from, int limit) {
    look();
    reads.incrementAndGet();
    return store.read(key, from, limit);
  }

  @Override
  public Subscription follow(Consumer<LogChange> listener) {
    return store.follow(listener);
  }

  @Override
  public long totalBytes() {
    return store.totalBytes();
  }

  @Override
  public void close(LogKey key) {
    store.close(key);
  }

  @Override
  public void delete(LogKey key) {
    store.delete(key);
  }

  @Override
  public void close() {
    store.close();
  }
}
