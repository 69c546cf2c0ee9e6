package dev.rouse.log;

import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A store that tells when a log turns out to be damaged, whoever it was that wanted to read it: the
 * next one must not go on with what this process remembers of it.
 */
final class NoticingStore implements LogStore {

  private final LogStore store;
  private final Consumer<LogKey> damaged;

  NoticingStore(LogStore store, Consumer<LogKey> damaged) {
    this.store = store;
    this.damaged = damaged;
  }

  private <T> T noticing(LogKey key, Supplier<T> call) {
    try {
      return call.get();
    } catch (LogCorrupt e) {
      damaged.accept(key);
      throw e;
    }
  }

  @Override
  public Head head(LogKey key) {
    return noticing(key, () -> store.head(key));
  }

  @Override
  public AppendResult append(LogKey key, long expectedHead, Commit commit) {
    return noticing(key, () -> store.append(key, expectedHead, commit));
  }

  @Override
  public Stream<Commit> read(LogKey key, long from, int limit) {
    Stream<Commit> commits = noticing(key, () -> store.read(key, from, limit));
    Iterator<Commit> each = commits.iterator();
    Iterator<Commit> noticed =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return noticing(key, each::hasNext);
          }

          @Override
          public Commit next() {
            return noticing(key, each::next);
          }
        };
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(noticed, Spliterator.ORDERED | Spliterator.NONNULL),
            false)
        .onClose(commits::close);
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
