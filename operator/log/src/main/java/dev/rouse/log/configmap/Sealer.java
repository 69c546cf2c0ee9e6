package dev.rouse.log.configmap;

import dev.rouse.log.Commit;
import dev.rouse.log.LogException;
import dev.rouse.log.LogKey;
import java.util.Arrays;
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
  private static final int FEW = 6;

  /** How many times its usual size when full a tail may have for that. */
  private static final int FULL_TIMES = 8;

  /** The same while it is being sealed. */
  private static final int MOST_TIMES = 32;

  /** Raw bytes from which a commit is packed by itself: it gains little from its neighbours. */
  private static final int PACKED_ALONE = 16 * 1024;

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
   * @param length of what it holds, in raw bytes: an open tail begins with these
   * @param crc CRC-32 of these
   * @param lastRevision the last one of the tail whose update may name it
   */
  record Sealed(Segment segment, int length, long crc, long lastRevision) {

    boolean isBeginOf(Tail tail, byte[] raw) {
      return tail.openFrom() == segment.from()
          && tail.head() >= segment.to()
          && tail.revision() <= lastRevision
          && raw.length >= length
          && CommitCodec.crc(Arrays.copyOf(raw, length)) == crc;
    }
  }

  /**
   * A tail to be written.
   *
   * @param raw what is open in it
   * @param full whether it is to be sealed
   * @param named the segments that it names and the one before did not
   */
  record Next(Tail tail, byte[] raw, boolean full, List<Segment> named) {}

  /** The tail with one more commit; the slot's lock is held. */
  Next next(LogKey key, Slots.Slot slot, Tail tail, Commit commit) {
    byte[] raw = Tails.openBytes(key, tail);
    @Nullable Sealed sealed = slot.sealed.getAndSet(null);
    if (sealed == null) {
      return next(key, tail, raw, commit, List.of());
    }
    if (!sealed.isBeginOf(tail, raw)) {
      // Another process was faster; no update of this one was ever to name that segment.
      segments.remove(key, sealed.segment().objects());
      return next(key, tail, raw, commit, List.of());
    }
    byte[] rest = Arrays.copyOfRange(raw, sealed.length(), raw.length);
    byte[] open = rest.length == 0 ? rest : CommitCodec.gzip(rest);
    try {
      return next(
          key, tail.sealing(sealed.segment(), open), rest, commit, List.of(sealed.segment()));
    } catch (LogException e) {
      slot.sealed.set(sealed);
      throw e;
    }
  }

  private Next next(LogKey key, Tail tail, byte[] raw, Commit commit, List<Segment> named) {
    int epoch = commit.records().getLast().epoch();
    byte[] line = CommitCodec.line(commit);
    byte[] all = CommitCodec.concat(raw, line);
    byte[] open = packed(tail.open(), all, line);
    if (fits(all, open)) {
      return new Next(
          tail.next(commit.to(), epoch, open), all, isFull(open, all, line.length), named);
    }
    byte[] alone = CommitCodec.gzip(line);
    boolean startsAnew = raw.length > 0 && fits(line, alone);
    Segment full =
        startsAnew
            ? segments.write(key, tail.revision(), tail.openFrom(), tail.head(), tail.open())
            : segments.write(key, tail.revision(), tail.openFrom(), commit.to(), open);
    byte[] left = startsAnew ? alone : new byte[0];
    return new Next(
        tail.sealing(full, new byte[0]).next(commit.to(), epoch, left),
        startsAnew ? line : left,
        false,
        Stream.concat(named.stream(), Stream.of(full)).toList());
  }

  /** Members of gzip, one after the other, are gzip. */
  private static byte[] packed(byte[] open, byte[] all, byte[] line) {
    return line.length < PACKED_ALONE
        ? CommitCodec.gzip(all)
        : CommitCodec.concat(open, CommitCodec.gzip(line));
  }

  /**
   * Every append writes the whole tail again, which is why it is small; every segment costs writes
   * of its own, which is why it holds more than one or two commits.
   */
  private boolean isFull(byte[] open, byte[] raw, int newest) {
    long few = FEW * (long) newest * open.length / raw.length;
    long most = (long) settings.tailBytes() * FULL_TIMES;
    return raw.length > FULL_RAW
        || open.length > Math.max(settings.tailBytes(), Math.min(few, most));
  }

  private boolean fits(byte[] raw, byte[] packed) {
    int most = (int) Math.min((long) settings.tailBytes() * MOST_TIMES, settings.segmentBytes());
    return packed.length <= most && raw.length <= MOST_RAW;
  }

  /** Seals a tail that was written, in the background, if it is full and nobody does it yet. */
  void consider(LogKey key, Slots.Slot slot, Next written) {
    if (written.full() && slot.sealed.get() == null && slot.sealing.compareAndSet(false, true)) {
      background.execute(() -> seal(key, slot, written.tail(), written.raw()));
    }
  }

  private void seal(LogKey key, Slots.Slot slot, Tail tail, byte[] raw) {
    try {
      long last = tail.revision() + SegmentObjects.MOST_MEANWHILE;
      Segment segment = segments.write(key, last, tail.openFrom(), tail.head(), tail.open());
      if (slot.tail() == null) {
        // The log was removed, or somebody else has the next word about its tail.
        segments.remove(key, segment.objects());
      } else {
        slot.sealed.set(new Sealed(segment, raw.length, CommitCodec.crc(raw), last));
      }
    } catch (LogException e) {
      slot.putOff(key, "sealing a full tail", e);
    } finally {
      slot.sealing.set(false);
    }
  }
}
