package dev.rouse.log;

import org.jspecify.annotations.Nullable;

/** The store cannot hold a commit of this size; nothing was changed. */
public final class LogTooLarge extends LogException {

  public LogTooLarge(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  public boolean isRetryable() {
    return false;
  }
}
