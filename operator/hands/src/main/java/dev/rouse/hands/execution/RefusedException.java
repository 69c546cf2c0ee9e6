package dev.rouse.hands.execution;

import dev.rouse.session.protocol.HandsProtocol.Code;
import dev.rouse.session.protocol.HandsProtocol.Refusal;
import org.jspecify.annotations.Nullable;

/** The hands refused a call; nothing was executed. */
public final class RefusedException extends Exception {

  private final Code code;
  private final @Nullable Integer epoch;

  public RefusedException(Code code, String message) {
    this(code, message, null);
  }

  /**
   * @param epoch the epoch that the hands are at, where the refusal depends on it
   */
  public RefusedException(Code code, String message, @Nullable Integer epoch) {
    super(message);
    this.code = code;
    this.epoch = epoch;
  }

  /** As the brain is told. */
  public Refusal refusal() {
    return new Refusal(code, String.valueOf(getMessage()), epoch);
  }

  public Code code() {
    return code;
  }
}
