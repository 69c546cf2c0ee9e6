package dev.rouse.hands.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second process off the journal. The lock belongs to the process: it goes when the process
 * does, however it ends, and no tool inherits it.
 */
final class JournalLock implements AutoCloseable {

  /** The lock's holder tells nobody when it goes, so it has to be asked for again and again. */
  private static final Duration LOOK = Duration.ofMillis(100);

  private final FileChannel channel;

  private JournalLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @param patience how long the former holder may take to end
   * @throws JournalLockedException if it has not ended by then
   */
  static JournalLock take(Path file, Duration patience) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      long deadline = System.nanoTime() + patience.toNanos();
      while (tryLock(channel) == null) {
        if (System.nanoTime() - deadline >= 0) {
          throw new JournalLockedException(
              "another process works on the journal in "
                  + file.getParent()
                  + " and did not end within "
                  + patience.toSeconds()
                  + " s: end the former hands of this session first");
        }
        LockSupport.parkNanos(LOOK.toNanos());
      }
      return new JournalLock(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldByThisProcess) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
