package dev.rouse.log;

import org.jspecify.annotations.Nullable;

/** A log could not be read or written. The message names the log or object and the way out. */
public abstract sealed class LogException extends RuntimeException
    permits OutcomeUnknown, LogUnavailable, LogDeleted, LogTooLarge, LogCorrupt, LogTooNew {

  LogException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Whether the same call may succeed later without anybody doing anything. */
  public abstract boolean isRetryable();
}
