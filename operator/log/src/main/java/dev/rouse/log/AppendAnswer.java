package dev.rouse.log;

import dev.rouse.session.LogRecord;
import dev.rouse.session.protocol.BrainProtocol.Refusal;
import java.util.List;

/** What became of an append to a session's log. */
public sealed interface AppendAnswer {

  /**
   * Durable, now or by an earlier call with the same append id.
   *
   * @param head the log's head right after these records
   * @param records the commit's records; where an answer was given before by another commit, the
   *     first answer's record stands in for it
   */
  record Accepted(long head, List<LogRecord> records) implements AppendAnswer {
    public Accepted {
      records = List.copyOf(records);
    }
  }

  /** Nothing was appended. */
  record Refused(Refusal refusal) implements AppendAnswer {}
}
