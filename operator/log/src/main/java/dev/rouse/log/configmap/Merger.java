package dev.rouse.log.configmap;

import dev.rouse.log.LogException;
import dev.rouse.log.LogKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Makes few large segments of many small ones, beside the appends, which wait for no more than the
 * swap: writes the new one, swaps the names by the same compare-and-set as an append, then removes
 * the old ones. Whatever fails on the way leaves the log as it was, and at worst objects that
 * nobody names for the next sweep.
 */
final class Merger {

  /** Merges in a row that come too late before the next append is waited for. */
  private static final int MOST_LATE = 3;

  private final ConfigMaps configMaps;
  private final Tails tails;
  private final SegmentObjects segments;
  private final ConfigMapSettings settings;
  private final Executor background;

  Merger(
      ConfigMaps configMaps,
      Tails tails,
      SegmentObjects segments,
      ConfigMapSettings settings,
      Executor background) {
    this.configMaps = configMaps;
    this.tails = tails;
    this.segments = segments;
    this.settings = settings;
    this.background = background;
  }

  /** Merges in the background if there is something to merge and nobody does it yet. */
  void consider(LogKey key, Slots.Slot slot, Tail tail) {
    if (!mergeable(tail).isEmpty() && slot.merging.compareAndSet(false, true)) {
      background.execute(() -> run(key, slot));
    }
  }

  private void run(LogKey key, Slots.Slot slot) {
    try {
      Merge merge = merge(key, slot);
      for (int late = 0; merge != Merge.NOTHING_TO_DO && late < MOST_LATE; ) {
        late = merge == Merge.DONE ? 0 : late + 1;
        merge = merge(key, slot);
      }
      if (slot.littered.get()) {
        sweep(key, slot);
      }
    } catch (LogException e) {
      slot.putOff(key, "merging segments", e);
    } finally {
      slot.merging.set(false);
    }
  }

  /** What came of a merge. */
  enum Merge {
    DONE,
    /** The tail changed too much meanwhile. */
    TOO_LATE,
    NOTHING_TO_DO
  }

  /** Merges once. */
  Merge merge(LogKey key, Slots.Slot slot) {
    Optional<Tail> seen = tails.load(key, slot);
    List<Segment> parts = seen.map(this::mergeable).orElse(List.of());
    Optional<byte[]> bytes = parts.isEmpty() ? Optional.empty() : read(key, parts);
    if (bytes.isEmpty()) {
      return Merge.NOTHING_TO_DO;
    }
    long lastRevision = seen.orElseThrow().revision() + SegmentObjects.MOST_MEANWHILE;
    Segment merged =
        segments.write(
            key, lastRevision, parts.getFirst().from(), parts.getLast().to(), bytes.get());
    if (!swap(key, slot, parts, merged, lastRevision)) {
      segments.remove(key, merged.objects());
      return Merge.TOO_LATE;
    }
    List<String> old = parts.stream().flatMap(part -> part.objects().stream()).toList();
    if (!segments.remove(key, old)) {
      slot.littered.set(true);
    }
    return Merge.DONE;
  }

  private boolean swap(
      LogKey key, Slots.Slot slot, List<Segment> parts, Segment merged, long lastRevision) {
    slot.lock.lock();
    try {
      Optional<Tail> now = Optional.ofNullable(slot.tail()).or(() -> tails.load(key, slot));
      return now.isPresent()
          && now.get().revision() <= lastRevision
          && new HashSet<>(now.get().segments()).containsAll(parts)
          && tails.swap(key, slot, now.get().replacing(parts, merged)) == Tails.Swap.DONE;
    } finally {
      slot.lock.unlock();
    }
  }

  private Optional<byte[]> read(LogKey key, List<Segment> parts) {
    ByteArrayOutputStream raw = new ByteArrayOutputStream();
    for (Segment part : parts) {
      Optional<byte[]> bytes = segments.read(key, part);
      if (bytes.isEmpty()) {
        return Optional.empty();
      }
      try {
        raw.writeBytes(CommitCodec.gunzip(bytes.get()));
      } catch (IOException e) {
        throw Tails.corrupt(key, e);
      }
    }
    return Optional.of(CommitCodec.gzipToKeep(raw.toByteArray()));
  }

  /** Removes what nobody names and nobody can name any more; what still can be waits its turn. */
  void sweep(LogKey key, Slots.Slot slot) {
    slot.littered.set(false);
    // In this order: an object that is made after the list is not looked at.
    List<ConfigMaps.SegmentObject> objects = configMaps.segments(key.namespace(), key.sessionUid());
    boolean clean =
        tails.load(key, slot).map(tail -> segments.sweep(key, tail, objects)).orElse(true);
    if (!clean) {
      slot.littered.set(true);
    }
  }

  /**
   * The first neighbours that together fit into one object and of which none is most of the sum: so
   * a byte is written a few times in its life, not once for every merge near it.
   */
  private List<Segment> mergeable(Tail tail) {
    List<Segment> all = tail.segments();
    int count = settings.mergeCount();
    for (int start = 0; start + count <= all.size(); start++) {
      List<Segment> window = all.subList(start, start + count);
      long sum = window.stream().mapToLong(Segment::bytes).sum();
      long largest = window.stream().mapToLong(Segment::bytes).max().orElse(0);
      if (sum <= settings.segmentBytes() && sum >= largest * (count / 2)) {
        return List.copyOf(window);
      }
    }
    return List.of();
  }
}
