package dev.rouse.log;

import org.jspecify.annotations.Nullable;

/**
 * A write was sent and its answer is lost: it may or may not be stored. Asking again with the same
 * append id is always safe.
 */
public final class OutcomeUnknown extends LogException {

  public OutcomeUnknown(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  public boolean isRetryable() {
    return true;
  }
}
