package dev.rouse.log;

import dev.rouse.session.protocol.BrainProtocol.Code;

/** How much room a log has left, and what that forbids. */
public enum Room {
  /** Everything goes. */
  FREE,
  /** This log is at its limit: no new input and no new model request, only what ends the work. */
  LOG_FULL,
  /** All logs together are at their limit: the same. */
  STORE_FULL,
  /** The reserve is used up, too: only interrupts, idle and the end. */
  EXHAUSTED;

  static Room of(LogSettings settings, Head head, long totalBytes) {
    if (head.bytes() >= settings.maxLogBytes() + settings.reserveBytes()) {
      return EXHAUSTED;
    }
    if (head.bytes() >= settings.maxLogBytes()) {
      return LOG_FULL;
    }
    return totalBytes >= settings.maxTotalBytes() ? STORE_FULL : FREE;
  }

  Decision refuse(LogView view) {
    String message =
        switch (this) {
          case FREE -> throw new IllegalStateException("a log with room refuses nothing");
          case LOG_FULL, EXHAUSTED ->
              "the log of "
                  + view.key().describe()
                  + " is at its limit: go on in a new session, or raise the limit of the store";
          case STORE_FULL ->
              "the logs of all sessions together are at the store's limit: delete sessions that are"
                  + " done, or raise the limit of the store; refused for "
                  + view.key().describe();
        };
    return Decision.refuse(Code.LOG_FULL, message, view.state());
  }
}
