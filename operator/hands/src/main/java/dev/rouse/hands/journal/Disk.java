package dev.rouse.hands.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The journal's file, as far as the journal needs one; tests make it fail. */
interface Disk extends Closeable {

  /** In bytes. */
  long size() throws IOException;

  /** Reads up to {@code into.remaining()} bytes; -1 at the end. */
  int read(ByteBuffer into, long offset) throws IOException;

  /** Writes some or all of the bytes. */
  int write(ByteBuffer from, long offset) throws IOException;

  void truncate(long size) throws IOException;

  /** Returns once everything written is on the disk. */
  void force() throws IOException;
}
