package dev.rouse.devcluster.node.kubelet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** When which byte of a log was first seen, from the lines {@code <size> <time>} beside it. */
final class LogIndex {

  private final TreeMap<Long, Instant> times;
  private final Instant last;

  private LogIndex(TreeMap<Long, Instant> times, Instant last) {
    this.times = times;
    this.last = last;
  }

  /** Reads the index as it is now; a log without one has only the file's own time. */
  static LogIndex read(Path log, Path index) throws IOException {
    TreeMap<Long, Instant> times = new TreeMap<>();
    try {
      for (String line : Files.readAllLines(index)) {
        String[] parts = line.split(" ", -1);
        // The last line may be half written.
        if (parts.length == 2 && parts[1].endsWith("Z")) {
          times.putIfAbsent(Long.parseLong(parts[0]), Instant.parse(parts[1]));
        }
      }
    } catch (NoSuchFileException e) {
      // No node saw it grow.
    }
    return new LogIndex(times, Files.getLastModifiedTime(log).toInstant());
  }

  /** When the byte before this offset was there. */
  Instant at(long offset) {
    return Optional.ofNullable(times.ceilingEntry(offset)).map(Map.Entry::getValue).orElse(last);
  }
}
