package dev.rouse.devcluster.node.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Notes when a log grew, as lines {@code <size in bytes> <time>} beside it.
 *
 * <p>The process writes its log straight to the file, so nothing stands between the two that could
 * be slow, or die with the node. What was written while no node ran gets the file's own time.
 */
final class LogTimes {

  /** A busy log would otherwise be shadowed by an index of its own size. */
  private static final Duration RESOLUTION = Duration.ofMillis(5);

  private final AttemptDirectory directory;
  private final Clock clock;
  private long noted;
  private Instant notedAt = Instant.EPOCH;

  LogTimes(AttemptDirectory directory, Clock clock) {
    this.directory = directory;
    this.clock = clock;
  }

  synchronized void note() throws IOException {
    long size;
    try {
      size = Files.size(directory.log());
    } catch (NoSuchFileException e) {
      return;
    }
    Instant now = clock.instant();
    if (size == noted || now.isBefore(notedAt.plus(RESOLUTION))) {
      return;
    }
    noted = size;
    notedAt = now;
    Files.writeString(
        directory.logTimes(),
        size + " " + now + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
