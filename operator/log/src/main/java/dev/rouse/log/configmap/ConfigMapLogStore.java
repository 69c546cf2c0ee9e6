package dev.rouse.log.configmap;

import dev.rouse.log.AppendResult;
import dev.rouse.log.Commit;
import dev.rouse.log.Head;
import dev.rouse.log.LogChange;
import dev.rouse.log.LogCorrupt;
import dev.rouse.log.LogDeleted;
import dev.rouse.log.LogException;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogStore;
import dev.rouse.log.LogTooNew;
import dev.rouse.log.LogUnavailable;
import dev.rouse.log.OutcomeUnknown;
import dev.rouse.log.Subscription;
import dev.rouse.session.Ids;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Logs in ConfigMaps; see the package. */
public final class ConfigMapLogStore implements LogStore {

  private static final int MAX_SLOTS = 2048;

  /** Swaps that others may win in a row while the head stays: they merge, and not that often. */
  private static final int MAX_STALE = 20;

  private final ConfigMaps configMaps;
  private final Slots slots = new Slots(MAX_SLOTS);
  private final Tails tails;
  private final SegmentObjects segments;
  private final Sealer sealer;
  private final Merger merger;
  private final List<LogWatch> watches;

  /** Makes the store; {@code client} stays its owner's to close. */
  public ConfigMapLogStore(KubernetesClient client, ConfigMapSettings settings, Ids ids) {
    this(
        new KubernetesConfigMaps(client),
        settings,
        () -> ids.next("s").substring(2, 14).toLowerCase(Locale.ROOT),
        watches(client, settings),
        Thread::startVirtualThread);
  }

  /**
   * @param background seals and merges
   */
  ConfigMapLogStore(
      ConfigMaps configMaps,
      ConfigMapSettings settings,
      Supplier<String> names,
      List<LogWatch> watches,
      Executor background) {
    this.configMaps = configMaps;
    this.tails = new Tails(configMaps);
    this.segments = new SegmentObjects(configMaps, names, settings.segmentBytes());
    this.sealer = new Sealer(segments, settings, background);
    ConfigMaps paced = new PacedConfigMaps(configMaps);
    SegmentObjects merged = new SegmentObjects(paced, names, settings.segmentBytes());
    this.merger = new Merger(paced, tails, merged, settings, background);
    this.watches = List.copyOf(watches);
  }

  private static List<LogWatch> watches(KubernetesClient client, ConfigMapSettings settings) {
    MetadataApi api = new MetadataApi(client);
    return settings.namespaces().isEmpty()
        ? List.of(new LogWatch(api, null))
        : settings.namespaces().stream().map(namespace -> new LogWatch(api, namespace)).toList();
  }

  @Override
  public Head head(LogKey key) {
    return tails.load(key, slots.of(key.sessionUid())).map(Tail::toHead).orElse(Head.NONE);
  }

  @Override
  public AppendResult append(LogKey key, long expectedHead, Commit commit) {
    if (commit.from() != expectedHead + 1) {
      throw new IllegalArgumentException(
          "commit "
              + commit.appendId()
              + " begins at "
              + commit.from()
              + ", not after "
              + expectedHead);
    }
    Slots.Slot slot = slots.of(key.sessionUid());
    slot.lock.lock();
    try {
      @Nullable Tail tail = slot.tail();
      for (int stale = 0; stale < MAX_STALE; stale++) {
        if (tail == null || tail.head() != expectedHead) {
          tail = tails.load(key, slot).orElse(null);
        }
        if (tail == null && expectedHead >= 0) {
          throw deleted(key);
        }
        if (tail != null && tail.head() != expectedHead) {
          return new AppendResult.Conflict(tail.toHead());
        }
        Tail base = tail == null ? new Tail("", 0, -1, 0, List.of(), Open.NONE) : tail;
        Sealer.Next next = sealer.next(key, slot, base, commit);
        switch (swap(key, slot, next)) {
          case DONE -> {
            sealer.consider(key, slot, next);
            merger.consider(key, slot, next.tail());
            return new AppendResult.Stored(next.tail().toHead());
          }
          case STALE -> {
            tail = tails.load(key, slot).orElse(null);
            removeUnnamed(key, slot, next.named(), tail);
          }
          case ABSENT -> {
            segments.remove(key, objects(next.named()));
            if (expectedHead >= 0) {
              throw deleted(key);
            }
            throw new LogUnavailable(
                "namespace " + key.namespace() + " of " + key.describe() + " is gone", null);
          }
        }
      }
      throw new LogUnavailable(
          "the tail of " + key.describe() + " changed " + MAX_STALE + " times in a row: try again",
          null);
    } finally {
      slot.lock.unlock();
    }
  }

  private Tails.Swap swap(LogKey key, Slots.Slot slot, Sealer.Next next) {
    try {
      return tails.swap(key, slot, next.tail());
    } catch (OutcomeUnknown e) {
      // It may be named by now: only a sweep can tell.
      throw e;
    } catch (LogException e) {
      segments.remove(key, objects(next.named()));
      throw e;
    }
  }

  /** Our own write may have been the one that made ours stale: what the tail names stays. */
  private void removeUnnamed(
      LogKey key, Slots.Slot slot, List<Segment> sealed, @Nullable Tail now) {
    List<String> unnamed =
        objects(sealed).stream().filter(end -> now == null || !now.named().contains(end)).toList();
    if (!segments.remove(key, unnamed)) {
      slot.littered.set(true);
    }
  }

  private static List<String> objects(List<Segment> segments) {
    return segments.stream().flatMap(segment -> segment.objects().stream()).toList();
  }

  @Override
  public Stream<Commit> read(LogKey key, long from, int limit) {
    Slots.Slot slot = slots.of(key.sessionUid());
    @Nullable Tail tail = slot.tail();
    if (tail == null || tail.head() < from) {
      tail = tails.load(key, slot).orElse(null);
    }
    if (tail == null) {
      return Stream.empty();
    }
    long end = from > Long.MAX_VALUE - limit ? Long.MAX_VALUE : from + limit;
    LogReader reader = new LogReader(key, slot, tails, segments, tail, from, end);
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(reader, Spliterator.ORDERED | Spliterator.NONNULL),
        false);
  }

  @Override
  public Subscription follow(Consumer<LogChange> listener) {
    List<Subscription> subscriptions = watches.stream().map(watch -> watch.add(listener)).toList();
    return () -> subscriptions.forEach(Subscription::close);
  }

  @Override
  public long totalBytes() {
    return watches.stream().mapToLong(LogWatch::totalBytes).sum();
  }

  @Override
  public void close(LogKey key) {
    slots.remove(key.sessionUid());
  }

  /**
   * Removes the tail, which is the log, and then the segments. Deleting a Session does the same by
   * its owner references.
   */
  @Override
  public void delete(LogKey key) {
    Slots.Slot slot = slots.of(key.sessionUid());
    slot.lock.lock();
    try {
      Optional<Tail> tail = named(key, slot);
      configMaps.delete(key.namespace(), LogObjects.tailName(key));
      slot.forget();
      tail.ifPresent(last -> segments.remove(key, last.named()));
      String prefix = LogObjects.segmentName(key, "");
      segments.remove(
          key,
          configMaps.segments(key.namespace(), key.sessionUid()).stream()
              .map(object -> object.name().substring(prefix.length()))
              .toList());
    } finally {
      slot.lock.unlock();
    }
  }

  /** What cannot be read can be removed: its segments are found by their label alone. */
  private Optional<Tail> named(LogKey key, Slots.Slot slot) {
    try {
      return tails.load(key, slot);
    } catch (LogCorrupt | LogTooNew _) {
      return Optional.empty();
    }
  }

  private static LogDeleted deleted(LogKey key) {
    return new LogDeleted("the log of " + key.describe() + " was deleted", null);
  }

  @Override
  public void close() {
    watches.forEach(LogWatch::close);
  }
}
