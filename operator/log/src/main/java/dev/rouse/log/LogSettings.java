package dev.rouse.log;

/**
 * Limits of logs and of what is kept in memory for them.
 *
 * @param maxLogBytes stored bytes of one log from which new input is refused
 * @param maxTotalBytes stored bytes of all logs together from which new input is refused
 * @param reserveBytes what a log may grow beyond {@code maxLogBytes} by what ends the work under
 *     way: answers, results, interrupts, idle
 * @param maxOpenLogs logs whose state is kept in memory; those that are followed come on top
 * @param maxOpenBytes stored bytes of the logs whose state is kept in memory
 */
public record LogSettings(
    long maxLogBytes, long maxTotalBytes, long reserveBytes, int maxOpenLogs, long maxOpenBytes) {

  private static final long MIB = 1024 * 1024;

  /** As the ConfigMap store needs them. */
  public static final LogSettings DEFAULTS =
      new LogSettings(32 * MIB, 512 * MIB, 16 * MIB, 512, 64 * MIB);

  /**
   * As stores in databases need them, which count the bytes of plain JSON. A log's state is in
   * memory while it works, so one log stays bounded; all together are bounded by the disk alone.
   */
  public static final LogSettings DATABASE =
      new LogSettings(256 * MIB, Long.MAX_VALUE, 64 * MIB, 512, 256 * MIB);

  public LogSettings {
    if (maxLogBytes <= 0 || maxTotalBytes <= 0 || reserveBytes < 0) {
      throw new IllegalArgumentException("log limits must be positive");
    }
    if (maxOpenLogs <= 0 || maxOpenBytes <= 0) {
      throw new IllegalArgumentException("at least one log must fit into memory");
    }
  }
}
