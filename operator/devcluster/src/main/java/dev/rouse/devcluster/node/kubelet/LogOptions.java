package dev.rouse.devcluster.node.kubelet;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What of a log is wanted, in the words of the pod log API.
 *
 * @param follow go on until the container ends
 * @param previous of the attempt before the last
 * @param timestamps put a time before each line
 * @param tailLines only so many last lines; negative for all
 * @param since only lines from this time on
 * @param limitBytes at most so many bytes; negative for all
 */
record LogOptions(
    boolean follow,
    boolean previous,
    boolean timestamps,
    long tailLines,
    Instant since,
    long limitBytes) {

  /**
   * Reads a query.
   *
   * @throws IllegalArgumentException if a value is malformed
   */
  static LogOptions parse(Map<String, String> query, Instant now) {
    return new LogOptions(
        Boolean.parseBoolean(query.get("follow")),
        Boolean.parseBoolean(query.get("previous")),
        Boolean.parseBoolean(query.get("timestamps")),
        number(query, "tailLines").orElse(-1L),
        Optional.ofNullable(query.get("sinceTime"))
            .map(Instant::parse)
            .or(() -> number(query, "sinceSeconds").map(now::minusSeconds))
            .orElse(Instant.EPOCH),
        number(query, "limitBytes").orElse(-1L));
  }

  private static Optional<Long> number(Map<String, String> query, String name) {
    try {
      return Optional.ofNullable(query.get(name)).map(Long::parseLong);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("%s is no number".formatted(name), e);
    }
  }
}
