package dev.rouse.log;

import org.jspecify.annotations.Nullable;

/** The store cannot hold a commit of this size; nothing was changed. */
public final class LogTooLarge extends LogException {

  public LogTooLarge(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Of a commit that is larger than what one row of the store holds. */
  public static LogTooLarge commit(String what, long bytes, @Nullable Throwable cause) {
    return new LogTooLarge(
        "the log store takes no commit of "
            + bytes
            + " bytes, for "
            + what
            + ": write large output to a file and keep its name in the log",
        cause);
  }

  @Override
  public boolean isRetryable() {
    return false;
  }
}
