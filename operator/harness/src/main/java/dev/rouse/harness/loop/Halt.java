package dev.rouse.harness.loop;

import dev.rouse.harness.ExitCode;
import org.jspecify.annotations.Nullable;

/** The brain has to stop; the process ends with {@link #code}. */
public final class Halt extends RuntimeException {

  private final ExitCode code;

  public Halt(ExitCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  static Halt internal(String message, @Nullable Throwable cause) {
    return new Halt(ExitCode.INTERNAL, message, cause);
  }

  public ExitCode code() {
    return code;
  }
}
