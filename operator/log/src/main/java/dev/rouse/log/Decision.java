package dev.rouse.log;

import dev.rouse.session.Event;
import dev.rouse.session.LogRecord;
import dev.rouse.session.SessionState;
import dev.rouse.session.protocol.BrainProtocol.Code;
import dev.rouse.session.protocol.BrainProtocol.Refusal;
import java.util.List;

/** What a {@link Judge} wants done at the head it was shown. */
public sealed interface Decision {

  /**
   * Append these events as one commit.
   *
   * @param events with ids already minted, at least one
   * @param epoch the epoch that the records carry
   */
  record Append(List<Event> events, int epoch) implements Decision {
    public Append {
      events = List.copyOf(events);
      if (events.isEmpty()) {
        throw new IllegalArgumentException("a commit needs at least one event");
      }
    }
  }

  /**
   * Append these records as one commit, as they are.
   *
   * @param records copied from another log, at least one; the first follows the head
   */
  record Copy(List<LogRecord> records) implements Decision {
    public Copy {
      records = List.copyOf(records);
      if (records.isEmpty()) {
        throw new IllegalArgumentException("a commit needs at least one record");
      }
    }
  }

  /**
   * Append nothing, for what was asked stands in the log already.
   *
   * @param records the records that are the answer; may be empty
   */
  record Stands(List<LogRecord> records) implements Decision {
    public Stands {
      records = List.copyOf(records);
    }
  }

  /** Append nothing and say why. */
  record Refuse(Refusal refusal) implements Decision {}

  /** Appends under the epoch of the last wake, as everything does that is not a wake. */
  static Decision append(SessionState state, List<Event> events) {
    return new Append(events, state.epoch());
  }

  /** Refuses; {@code message} names the session or field and the way out. */
  static Decision refuse(Code code, String message, SessionState state) {
    return new Refuse(new Refusal(code, message, state.head()));
  }
}
