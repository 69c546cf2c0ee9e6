package dev.rouse.hands.journal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** Makes files appear whole or not at all, and stay after a crash of the machine. */
public final class DurableFile {

  /** Fills a file. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private DurableFile() {}

  /**
   * Writes {@code file} beside itself, then puts it in place.
   *
   * @param temporary in the same directory; removed if anything fails
   */
  public static void write(Path file, Path temporary, Content content) throws IOException {
    try {
      try (FileChannel channel =
              FileChannel.open(
                  temporary,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.TRUNCATE_EXISTING,
                  StandardOpenOption.WRITE);
          OutputStream out = Channels.newOutputStream(channel)) {
        content.writeTo(out);
        out.flush();
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    forceDirectory(parentOf(file));
  }

  /** The directory of a file. */
  public static Path parentOf(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "the root is no file");
  }

  /** Makes names in a directory durable: what was made, renamed or removed there. */
  static void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
