package dev.rouse.log.configmap;

import dev.rouse.log.Commit;
import dev.rouse.log.LogException;
import dev.rouse.log.LogKey;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tails small without making an append wait for it. A tail that is full becomes a segment
 * beside the appends, which go on; the next of them names it in the update that it writes anyway.
 * Only a tail that grows faster than that, or a single commit that is too large for one, is sealed
 * before the update.
 */
final class Sealer {

  /** Raw bytes from which a tail is sealed however well it packs. */
  private static final int FULL_RAW = 256 * 1024;

  /** Raw bytes of a tail at most. */
  private static final int MOST_RAW = 1024 * 1024;

  /** Commits like the newest one that a tail holds before it is full, if it is not too large. */
  private static final int FEW = 4;

  /** How many times its usual size when full a tail may have for that. */
  private static final int FULL_TIMES = 8;

  /** The same while it is being sealed. */
  private static final int MOST_TIMES = 32;

  private final SegmentObjects segments;
  private final ConfigMapSettings settings;
  private final Executor background;

  Sealer(SegmentObjects segments, ConfigMapSettings settings, Executor background) {
    this.segments = segments;
    this.settings = settings;
    this.background = background;
  }

  /**
   * A segment that no tail names yet and the next update may.
   *
   * @param commits what it holds: an open tail begins with these
   * @param lastRevision the last one of the tail whose update may name it
   */
  record Sealed(Segment segment, Open commits, long lastRevision) {

    boolean isBeginOf(Tail tail) {
      return tail.openFrom() == segment.from()
          && tail.head() >= segment.to()
          && tail.revision() <= lastRevision
          && tail.open().beginsWith(commits);
    }
  }

  /**
   * A tail to be written.
   *
   * @param full whether it is to be sealed
   * @param named the segments that it names and the one before did not
   */
  record Next(Tail tail, boolean full, List<Segment> named) {}

  /** The tail with one more commit; the slot's lock is held. */
  Next next(LogKey key, Slots.Slot slot, Tail tail, Commit commit) {
    @Nullable Sealed sealed = slot.sealed.getAndSet(null);
    if (sealed == null) {
      return next(key, tail, commit, List.of());
    }
    if (!sealed.isBeginOf(tail)) {
      // Another process was faster; no update of this one was ever to name that segment.
      segments.remove(key, sealed.segment().objects());
      return next(key, tail, commit, List.of());
    }
    Open rest = tail.open().after(sealed.commits());
    try {
      return next(key, tail.sealing(sealed.segment(), rest), commit, List.of(sealed.segment()));
    } catch (LogException e) {
      slot.sealed.set(sealed);
      throw e;
    }
  }

  private Next next(LogKey key, Tail tail, Commit commit, List<Segment> named) {
    int epoch = commit.records().getLast().epoch();
    byte[] line = CommitCodec.line(commit);
    byte[] loose = Tails.looseBytes(key, tail);
    Open open = tail.open().with(loose, line);
    int raw = tail.open().settledRaw() + loose.length + line.length;
    if (fits(open, raw)) {
      boolean full = isFull(open, raw, line.length);
      // What is being sealed must stay as it is, so that the next tails begin with it.
      Open written = full ? open.settled(raw) : open;
      return new Next(tail.next(commit.to(), epoch, written), full, named);
    }
    Open alone = Open.NONE.with(new byte[0], line);
    boolean startsAnew = !tail.open().isEmpty() && fits(alone, line.length);
    Segment full =
        startsAnew
            ? segments.write(
                key, tail.revision(), tail.openFrom(), tail.head(), tail.open().packed())
            : segments.write(key, tail.revision(), tail.openFrom(), commit.to(), open.packed());
    return new Next(
        tail.sealing(full, Open.NONE).next(commit.to(), epoch, startsAnew ? alone : Open.NONE),
        false,
        Stream.concat(named.stream(), Stream.of(full)).toList());
  }

  /**
   * Every append writes the whole tail again, which is why it is small; every segment costs writes
   * of its own, which is why it holds more than one or two commits.
   */
  private boolean isFull(Open open, int raw, int newest) {
    int packed = open.packed().length;
    long few = FEW * (long) newest * packed / raw;
    long most = (long) settings.tailBytes() * FULL_TIMES;
    return raw > FULL_RAW || packed > Math.max(settings.tailBytes(), Math.min(few, most));
  }

  private boolean fits(Open open, int raw) {
    int most = (int) Math.min((long) settings.tailBytes() * MOST_TIMES, settings.segmentBytes());
    return open.packed().length <= most && raw <= MOST_RAW;
  }

  /** Seals a tail that was written, in the background, if it is full and nobody does it yet. */
  void consider(LogKey key, Slots.Slot slot, Next written) {
    if (written.full() && slot.sealed.get() == null && slot.sealing.compareAndSet(false, true)) {
      background.execute(() -> seal(key, slot, written.tail()));
    }
  }

  private void seal(LogKey key, Slots.Slot slot, Tail tail) {
    try {
      long last = tail.revision() + SegmentObjects.MOST_MEANWHILE;
      Segment segment =
          segments.write(key, last, tail.openFrom(), tail.head(), tail.open().packed());
      if (slot.tail() == null) {
        // The log was removed, or somebody else has the next word about its tail.
        segments.remove(key, segment.objects());
      } else {
        slot.sealed.set(new Sealed(segment, tail.open(), last));
      }
    } catch (LogException e) {
      slot.putOff(key, "sealing a full tail", e);
    } finally {
      slot.sealing.set(false);
    }
  }
}
