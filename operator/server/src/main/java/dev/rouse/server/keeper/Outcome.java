package dev.rouse.server.keeper;

import dev.rouse.api.Session;
import org.jspecify.annotations.Nullable;

/** What became of something that an API caller asked of a session. */
public sealed interface Outcome {

  /** It is done, and durable. @param session the object as it is now */
  record Done(Session session) implements Outcome {}

  /**
   * Nothing was done.
   *
   * @param message for people: names the object or field and the way out
   * @param reason the wire's own key for it; null where it has none
   */
  record Refused(Why why, String message, @Nullable String reason) implements Outcome {
    Refused(Why why, String message) {
      this(why, message, null);
    }
  }

  /** Classes of refusals. */
  enum Why {
    /** What was asked for is wrong, or the session's state does not allow it. */
    INVALID,
    /** Somebody else manages the field: asking again is no use. */
    MANAGED_ELSEWHERE,
    /** The client's key stands for something else: asking again is no use. */
    KEY_USED,
    /** Others were faster again and again: ask again. */
    BUSY,
    /** The log, or all logs together, are at their limit. */
    FULL,
    /** The session is gone. */
    GONE
  }
}
