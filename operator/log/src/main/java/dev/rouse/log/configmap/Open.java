package dev.rouse.log.configmap;

import java.io.IOException;
import java.util.Arrays;

/**
 * The commits of a tail that are not sealed: gzip, of one member or several. Small commits share
 * the last member, which is packed anew with every one of them; the members before it stay as they
 * are, so that an append works for what is new in the tail and not for all of it.
 *
 * @param packed all members
 * @param settled packed bytes at the beginning that stay as they are; 0 where that is not known
 * @param settledRaw what these are unpacked
 */
record Open(byte[] packed, int settled, int settledRaw) {

  static final Open NONE = read(new byte[0]);

  /**
   * Raw bytes from which commits are a member of their own. They gain little from what came before:
   * deflate looks back no further than 32 KiB.
   */
  private static final int MEMBER = 16 * 1024;

  /** As it was read, not knowing yet where its members end. */
  static Open read(byte[] packed) {
    return new Open(packed, 0, 0);
  }

  /**
   * The raw bytes that are packed anew with the next small commit.
   *
   * @throws IOException when they are no gzip
   */
  byte[] loose() throws IOException {
    return CommitCodec.gunzip(Arrays.copyOfRange(packed, settled, packed.length));
  }

  /**
   * These and one more commit.
   *
   * @param loose what {@link #loose} gives
   * @param line the commit
   */
  Open with(byte[] loose, byte[] line) {
    if (line.length >= MEMBER) {
      byte[] all = CommitCodec.concat(packed, CommitCodec.gzipOnce(line));
      return new Open(all, all.length, settledRaw + loose.length + line.length);
    }
    byte[] together = CommitCodec.concat(loose, line);
    byte[] stays = Arrays.copyOf(packed, settled);
    if (together.length >= MEMBER) {
      byte[] all = CommitCodec.concat(stays, CommitCodec.gzipOnce(together));
      return new Open(all, all.length, settledRaw + together.length);
    }
    return new Open(CommitCodec.concat(stays, CommitCodec.gzip(together)), settled, settledRaw);
  }

  /** The same, of which every member stays as it is. @param raw what all is unpacked */
  Open settled(int raw) {
    return new Open(packed, packed.length, raw);
  }

  /** Whether these begin with all of {@code other}, member for member. */
  boolean beginsWith(Open other) {
    int length = other.packed.length;
    return packed.length >= length
        && settled >= length
        && Arrays.equals(packed, 0, length, other.packed, 0, length);
  }

  /** What follows after {@code begin}. */
  Open after(Open begin) {
    int length = begin.packed.length;
    return new Open(
        Arrays.copyOfRange(packed, length, packed.length),
        settled - length,
        settledRaw - begin.settledRaw);
  }

  boolean isEmpty() {
    return packed.length == 0;
  }
}
