package dev.rouse.log.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What processes below this one have written, as Linux counts it ({@code proc_pid_io(5)}). */
final class Disk {

  private static final String WRITTEN = "write_bytes: ";

  private Disk() {}

  /** Bytes that child processes of this program name caused to be written; -1 elsewhere. */
  static long writtenBy(String program) {
    return ProcessHandle.current()
        .descendants()
        .filter(it -> it.info().command().filter(path -> path.endsWith("/" + program)).isPresent())
        .mapToLong(it -> written(it.pid()))
        .reduce(Long::sum)
        .orElse(-1);
  }

  /** Bytes that this process caused to be written; -1 elsewhere. */
  static long writtenBySelf() {
    return written(ProcessHandle.current().pid());
  }

  private static long written(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(pid), "io")).stream()
          .filter(line -> line.startsWith(WRITTEN))
          .mapToLong(line -> Long.parseLong(line.substring(WRITTEN.length())))
          .findFirst()
          .orElse(-1);
    } catch (IOException e) {
      return -1;
    }
  }
}
