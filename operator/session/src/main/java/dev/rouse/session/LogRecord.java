package dev.rouse.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;

/**
 * One entry of a session's log.
 *
 * @param seq the position, gapless from 0; the only order there is
 * @param at when the server appended it: strictly rising within a log, in microseconds. Shown to
 *     people and clients; no rule compares it with a clock
 * @param epoch the epoch under which it was written; 0 before the first wake
 * @param critical a reader that does not know the event's type must not append, wake or compact
 * @param event what happened
 * @param extra fields of the event that this version does not know, kept as they came
 */
public record LogRecord(
    long seq, Instant at, int epoch, boolean critical, Event event, Map<String, JsonNode> extra) {

  public LogRecord {
    extra = Kept.inOrder(extra);
  }

  /** A record of an event that this version made itself. */
  public static LogRecord of(long seq, Instant at, int epoch, Event event) {
    return new LogRecord(seq, at, epoch, false, event, Map.of());
  }
}
