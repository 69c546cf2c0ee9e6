package dev.rouse.log;

import org.jspecify.annotations.Nullable;

/** The store holds something that was not written by this program; nothing was changed. */
public final class LogCorrupt extends LogException {

  public LogCorrupt(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  public boolean isRetryable() {
    return false;
  }
}
