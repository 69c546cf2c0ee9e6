package dev.rouse.server.brain;

import dev.rouse.session.protocol.BrainProtocol.Code;
import dev.rouse.session.protocol.BrainProtocol.Refusal;

/** A brain's call that is answered with a {@link Refusal}. */
final class Refused extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  Refused(Refusal refusal) {
    super(refusal.message());
    this.refusal = refusal;
  }

  static Refused of(Code code, String message) {
    return new Refused(new Refusal(code, message, null));
  }

  Refusal refusal() {
    return refusal;
  }

  /** The HTTP status of a refusal. */
  static int status(Code code) {
    return switch (code) {
      case INVALID -> 400;
      case UNAUTHENTICATED -> 401;
      case GONE -> 404;
      case FENCED,
          CONFLICT,
          INTERRUPTED,
          BUDGET_REACHED,
          APPEND_ID_REUSED,
          POISONED,
          NEEDS_NEWER_VERSION ->
          409;
      case LOG_FULL -> 413;
      case UNAVAILABLE -> 503;
    };
  }
}
