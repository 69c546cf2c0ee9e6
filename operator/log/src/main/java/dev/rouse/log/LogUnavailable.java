package dev.rouse.log;

import org.jspecify.annotations.Nullable;

/** The store could not be asked; nothing was changed. */
public final class LogUnavailable extends LogException {

  public LogUnavailable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  public boolean isRetryable() {
    return true;
  }
}
