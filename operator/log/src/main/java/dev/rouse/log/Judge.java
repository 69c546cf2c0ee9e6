package dev.rouse.log;

import dev.rouse.session.SessionState;

/**
 * Decides what to append, given the state at the head. Asked again after every conflict, so it must
 * be free of effects and must not remember an earlier state.
 */
@FunctionalInterface
public interface Judge {
  Decision judge(SessionState state);
}
