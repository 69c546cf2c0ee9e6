package dev.rouse.hands.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Room kept back on the volume. A call is refused when its start cannot be written, but one that
 * has started must be able to say how it ended, even if it was itself what filled the disk.
 */
final class Reserve {

  private static final int BYTES = 1024 * 1024;

  private final Path file;
  private boolean held;

  Reserve(Path file) {
    this.file = file;
  }

  /**
   * Makes sure of the room.
   *
   * @throws JournalFullException if there is none
   */
  synchronized void fill() throws JournalFullException {
    if (held) {
      return;
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      // Written, not only sized: a sparse file holds no room.
      ByteBuffer zeros = ByteBuffer.allocate(BYTES);
      while (zeros.hasRemaining()) {
        channel.write(zeros);
      }
      channel.force(true);
      held = true;
    } catch (IOException e) {
      release();
      throw new JournalFullException(
          "the journal's volume has no "
              + BYTES
              + " bytes left ("
              + e.getMessage()
              + "): make room",
          e);
    }
  }

  /** Gives the room back, to be used at once. */
  synchronized void release() {
    held = false;
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // Then the write that needs the room fails too, and says so.
    }
  }
}
