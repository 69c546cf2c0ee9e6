package dev.rouse.hands.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A disk in memory that runs full, fails to force or to shrink, when told to. */
final class FaultyDisk implements Disk {

  private byte[] bytes;
  long room = Long.MAX_VALUE;
  boolean failForce;
  boolean failTruncate;

  /** Takes all bytes at once and grows in large steps, for tests with many entries. */
  boolean fast;

  private @Nullable Path taken;
  private int used;

  FaultyDisk(byte... bytes) {
    this.bytes = bytes;
    this.used = bytes.length;
  }

  /** Full for as long as this file exists, as if it took the last room. */
  void roomWhileExists(Path file) {
    taken = file;
  }

  byte[] bytes() {
    bytes = Arrays.copyOf(bytes, used);
    return bytes;
  }

  @Override
  public long size() {
    return used;
  }

  @Override
  public int read(ByteBuffer into, long offset) {
    int count = (int) Math.min(into.remaining(), used - offset);
    if (count <= 0) {
      return -1;
    }
    into.put(bytes, (int) offset, count);
    return count;
  }

  @Override
  public int write(ByteBuffer from, long offset) throws IOException {
    // As a real one: some of the bytes, then the complaint.
    int step = fast ? from.remaining() : Math.min(from.remaining(), 7);
    int count = (int) Math.min(step, room - offset);
    if (count <= 0 || (taken != null && Files.exists(taken))) {
      throw new IOException("No space left on device");
    }
    used = (int) Math.max(used, offset + count);
    if (bytes.length < used) {
      bytes = Arrays.copyOf(bytes, used * 2);
    }
    from.get(bytes, (int) offset, count);
    return count;
  }

  @Override
  public void truncate(long size) throws IOException {
    if (failTruncate) {
      throw new IOException("truncate failed");
    }
    used = (int) Math.min(size, used);
  }

  @Override
  public void force() throws IOException {
    if (failForce) {
      throw new IOException("force failed");
    }
  }

  @Override
  public void close() {}
}
