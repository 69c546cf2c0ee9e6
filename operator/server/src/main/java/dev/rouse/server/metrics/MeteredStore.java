package dev.rouse.server.metrics;

import dev.rouse.api.probe.Buckets;
import dev.rouse.api.probe.Meters;
import dev.rouse.api.probe.Timers;
import dev.rouse.log.AppendResult;
import dev.rouse.log.Commit;
import dev.rouse.log.Head;
import dev.rouse.log.LogChange;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogStore;
import dev.rouse.log.OutcomeUnknown;
import dev.rouse.log.Subscription;
import java.time.Duration;
import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A store whose answers are timed: what the server does with them is not in these times. */
public final class MeteredStore implements LogStore {

  private enum Outcome {
    STORED,
    CONFLICT,
    UNKNOWN,
    FAILED
  }

  private enum Look {
    HEAD,
    RECORDS
  }

  private final LogStore store;
  private final Timers<Outcome> appends;
  private final Timers<Look> reads;

  /**
   * Times {@code store}.
   *
   * @param name of its kind, as in {@code ROUSE_STORE}
   */
  public MeteredStore(LogStore store, String name, Meters meters) {
    this.store = store;
    this.appends =
        meters.timers(
            "rouse.log.append",
            "Time of an append until the store's answer, which means durable where it is stored",
            Buckets.CALL,
            "outcome",
            Outcome.class,
            "store",
            name);
    this.reads =
        meters.timers(
            "rouse.log.read",
            "Time of a look at the store: for a log's head, or for records up to the last wanted",
            Buckets.CALL,
            "what",
            Look.class,
            "store",
            name);
    meters.gauge(
        "rouse.log.bytes",
        "What all logs take in the store, of all servers; may trail by a moment",
        store,
        LogStore::totalBytes,
        "store",
        name);
  }

  @Override
  public AppendResult append(LogKey key, long expectedHead, Commit commit) {
    long start = System.nanoTime();
    Outcome outcome = Outcome.FAILED;
    try {
      AppendResult result = store.append(key, expectedHead, commit);
      outcome =
          switch (result) {
            case AppendResult.Stored _ -> Outcome.STORED;
            case AppendResult.Conflict _ -> Outcome.CONFLICT;
          };
      return result;
    } catch (OutcomeUnknown e) {
      outcome = Outcome.UNKNOWN;
      throw e;
    } finally {
      appends.note(outcome, since(start));
    }
  }

  @Override
  public Head head(LogKey key) {
    long start = System.nanoTime();
    try {
      return store.head(key);
    } finally {
      reads.note(Look.HEAD, since(start));
    }
  }

  @Override
  public Stream<Commit> read(LogKey key, long from, int limit) {
    long start = System.nanoTime();
    Stream<Commit> commits = store.read(key, from, limit);
    Timed timed = new Timed(commits.iterator(), System.nanoTime() - start);
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(timed, Spliterator.ORDERED | Spliterator.NONNULL),
            false)
        .onClose(commits::close);
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Adds up what the store takes, and not what is done with a commit before the next is wanted. */
  private final class Timed implements Iterator<Commit> {
    private final Iterator<Commit> commits;
    private long nanos;
    private boolean told;

    Timed(Iterator<Commit> commits, long nanos) {
      this.commits = commits;
      this.nanos = nanos;
    }

    @Override
    public boolean hasNext() {
      long start = System.nanoTime();
      boolean more = false;
      try {
        more = commits.hasNext();
        return more;
      } finally {
        nanos += System.nanoTime() - start;
        if (!more && !told) {
          told = true;
          reads.note(Look.RECORDS, Duration.ofNanos(nanos));
        }
      }
    }

    @Override
    public Commit next() {
      return commits.next();
    }
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

  /** Closes nothing: the store is its owner's. */
  @Override
  public void close() {}
}
