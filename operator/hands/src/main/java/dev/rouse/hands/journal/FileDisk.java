package dev.rouse.hands.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A real file. */
record FileDisk(FileChannel channel) implements Disk {

  static FileDisk open(Path file) throws IOException {
    return new FileDisk(
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public int read(ByteBuffer into, long offset) throws IOException {
    return channel.read(into, offset);
  }

  @Override
  public int write(ByteBuffer from, long offset) throws IOException {
    return channel.write(from, offset);
  }

  @Override
  public void truncate(long size) throws IOException {
    channel.truncate(size);
  }

  @Override
  public void force() throws IOException {
    // The length is data we depend on, so metadata too.
    channel.force(true);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
