package dev.rouse.hands.bash;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * What one command wrote, of any size in little memory: a beginning and an end are held, and once
 * the beginning is full everything goes to a file as well.
 */
final class Output implements AutoCloseable {

  /** Enough that whatever is not in the file yet fits a result: 4 bytes a character at most. */
  private static final int HEAD = 400_000;

  private static final int TAIL = 128 * 1024;

  /** A command that never stops writing must not take the whole volume. */
  private static final long MAX_FILE = 256L * 1024 * 1024;

  private final Path spill;
  private final ByteArrayOutputStream head = new ByteArrayOutputStream();
  private final byte[] tail = new byte[TAIL];
  private long written;
  private long inFile;
  private @Nullable FileChannel file;
  private @Nullable String fileProblem;

  /**
   * @param spill where the bytes go when they are many; made only then
   */
  Output(Path spill) {
    this.spill = spill;
  }

  void write(byte[] bytes, int offset, int count) {
    int toHead = (int) Math.min(count, HEAD - Math.min(HEAD, written));
    if (toHead < count && file == null && fileProblem == null) {
      openFile();
    }
    head.write(bytes, offset, toHead);
    for (int i = 0; i < count; ) {
      int at = (int) ((written + i) % TAIL);
      int run = Math.min(count - i, TAIL - at);
      System.arraycopy(bytes, offset + i, tail, at, run);
      i += run;
    }
    written += count;
    if (file != null) {
      toFile(ByteBuffer.wrap(bytes, offset, count));
    }
  }

  private void openFile() {
    try {
      Files.createDirectories(spill.getParent());
      file =
          FileChannel.open(
              spill,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
      toFile(ByteBuffer.wrap(head.toByteArray()));
    } catch (IOException e) {
      fileProblem = "the rest could not be saved: " + e.getMessage();
    }
  }

  private void toFile(ByteBuffer bytes) {
    FileChannel channel = file;
    if (channel == null || fileProblem != null) {
      return;
    }
    if (inFile + bytes.remaining() > MAX_FILE) {
      fileProblem = "only the first " + inFile + " bytes were saved, that is the limit";
      return;
    }
    try {
      while (bytes.hasRemaining()) {
        inFile += channel.write(bytes);
      }
    } catch (IOException e) {
      fileProblem = "only the first " + inFile + " bytes were saved: " + e.getMessage();
    }
  }

  /** How many bytes there were. */
  long size() {
    return written;
  }

  /** The beginning, all of it if there are no more than 400,000 bytes. */
  byte[] head() {
    return head.toByteArray();
  }

  boolean isWhole() {
    return written <= HEAD;
  }

  /** The last bytes, up to 128 KiB. */
  byte[] tail() {
    int count = (int) Math.min(written, TAIL);
    byte[] last = new byte[count];
    for (int i = 0; i < count; i++) {
      last[i] = tail[(int) ((written - count + i) % TAIL)];
    }
    return last;
  }

  /** What is missing from the file, for the model; null if nothing is. */
  @Nullable String fileProblem() {
    return fileProblem;
  }

  /**
   * Puts everything into a file.
   *
   * @throws IOException if not even the beginning could be saved
   */
  void saveTo(Path target) throws IOException {
    if (file == null && fileProblem == null) {
      openFile();
    }
    FileChannel channel = file;
    if (channel == null) {
      throw new IOException(fileProblem);
    }
    channel.close();
    Files.move(spill, target, StandardCopyOption.REPLACE_EXISTING);
    file = null;
  }

  /** Drops what was not saved. */
  @Override
  public void close() {
    try {
      if (file != null) {
        file.close();
        Files.deleteIfExists(spill);
      }
    } catch (IOException e) {
      // A file too many in the workspace's own corner; the next output of that name replaces it.
    }
  }
}
