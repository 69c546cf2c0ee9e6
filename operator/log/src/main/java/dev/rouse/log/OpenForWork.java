package dev.rouse.log;

import dev.rouse.session.Phase;
import dev.rouse.session.SessionState;
import dev.rouse.session.protocol.BrainProtocol.Code;
import java.util.Optional;

/** The rules that come before all others: whether anything may be appended at all. */
final class OpenForWork {

  private OpenForWork() {}

  static Optional<Decision> refusal(LogKey key, SessionState state) {
    if (!state.exists()) {
      return refuse(
          state,
          Code.UNAVAILABLE,
          key,
          "has no record 0 yet: its references do not resolve; see the Session's conditions");
    }
    if (state.unreadable() != null) {
      return refuse(
          state,
          Code.NEEDS_NEWER_VERSION,
          key,
          "holds " + state.unreadable() + ", which needs a newer version of Rouse");
    }
    if (state.moved()) {
      return refuse(state, Code.GONE, key, "was moved to " + place(state) + ": go on there");
    }
    if (state.phase() == Phase.TERMINATED) {
      return refuse(state, Code.GONE, key, "has ended: make a new session");
    }
    return Optional.empty();
  }

  private static String place(SessionState state) {
    return state.movedTarget().orElse("another place");
  }

  private static Optional<Decision> refuse(SessionState state, Code code, LogKey key, String what) {
    return Optional.of(Decision.refuse(code, key.describe() + " " + what, state));
  }
}
