package dev.rouse.server.brain;

import dev.rouse.session.protocol.BrainProtocol.Code;

/** Hears of what brains are refused; must not block. */
@FunctionalInterface
public interface Refusals {

  /** What a brain calls. */
  enum What {
    WAKE,
    RECORDS,
    COMMITS,
    HANDS,
    DELTAS,
    /** Nothing that there is. */
    OTHER
  }

  /** This call was refused, and why. */
  void refused(What call, Code code);
}
