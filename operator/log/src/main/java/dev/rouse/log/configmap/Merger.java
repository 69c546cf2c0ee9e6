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

  /**
   * Segments that on average are so many times a tail's usual size were merged before or hold large
   * commits: to pack them anew is work for no gain, and members of gzip are gzip as they are.
   */
  private static final int PACKED_WELL_TIMES = 2;

  private final ConfigMaps configMaps;
  private final Tails tails;
  private final SegmentObjects segments;
  private final ConfigMapSettings settings;
  private final MergePolicy policy;
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
    this.policy = new MergePolicy(settings);
    this.background = background;
  }

  /** Merges in the background if there is something to merge and nobody does it yet. */
  void consider(LogKey key, Slots.Slot slot, Tail tail) {
    if (!policy.choose(tail.segments()).isEmpty() && slot.merging.compareAndSet(false, true)) {
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
    List<Segment> parts = seen.map(Tail::segments).map(policy::choose).orElse(List.of());
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
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    for (Segment part : parts) {
      Optional<byte[]> bytes = segments.read(key, part);
      if (bytes.isEmpty()) {
        return Optional.empty();
      }
      packed.writeBytes(bytes.get());
    }
    long mean = packed.size() / parts.size();
    if (mean > (long) settings.tailBytes() * PACKED_WELL_TIMES) {
      return Optional.of(packed.toByteArray());
    }
    try {
      return Optional.of(CommitCodec.gzipToKeep(CommitCodec.gunzip(packed.toByteArray())));
    } catch (IOException e) {
      throw Tails.corrupt(key, e);
    }
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
}
