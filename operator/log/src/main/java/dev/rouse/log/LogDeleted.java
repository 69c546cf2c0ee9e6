package dev.rouse.log;

import org.jspecify.annotations.Nullable;

/** The log was there and is not any more. */
public final class LogDeleted extends LogException {

  public LogDeleted(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  public boolean isRetryable() {
    return false;
  }
}
