package dev.rouse.log;

/**
 * Where a log ends.
 *
 * @param seq the last sequence number; -1 for a log without records
 * @param bytes what the log takes in its store
 */
public record Head(long seq, long bytes) {

  /** Of a log without records. */
  public static final Head NONE = new Head(-1, 0);
}
