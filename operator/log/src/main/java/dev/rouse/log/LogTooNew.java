package dev.rouse.log;

import org.jspecify.annotations.Nullable;

/** The log is stored in a format of a newer version of this program; nothing was changed. */
public final class LogTooNew extends LogException {

  public LogTooNew(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  public boolean isRetryable() {
    return false;
  }
}
