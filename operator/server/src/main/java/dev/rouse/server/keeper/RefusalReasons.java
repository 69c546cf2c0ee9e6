package dev.rouse.server.keeper;

import dev.rouse.session.protocol.BrainProtocol.Code;

/** Reasons of the condition {@code MessageRefused}; part of the API. */
final class RefusalReasons {

  private RefusalReasons() {}

  static String of(Code code) {
    return switch (code) {
      case GONE -> "SessionEnded";
      case LOG_FULL -> "LogFull";
      case BUDGET_REACHED -> "BudgetReached";
      case NEEDS_NEWER_VERSION -> "NeedsNewerVersion";
      case INVALID, APPEND_ID_REUSED -> "Invalid";
      case UNAVAILABLE, CONFLICT, INTERRUPTED, FENCED, POISONED, UNAUTHENTICATED -> "Unavailable";
    };
  }
}
