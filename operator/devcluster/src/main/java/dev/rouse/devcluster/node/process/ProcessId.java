package dev.rouse.devcluster.node.process;

/**
 * A process that cannot be mistaken for a later one with the same number.
 *
 * @param pid its number on the host
 * @param startTime field 22 of {@code /proc/<pid>/stat}: clock ticks since boot
 */
public record ProcessId(long pid, long startTime) {

  /** Reads {@code "<pid> <start time>"}. */
  static ProcessId parse(String line) {
    String[] parts = line.split(" ", -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException(
          "expected '<pid> <start time>' but found '%s'".formatted(line));
    }
    return new ProcessId(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
  }
}
