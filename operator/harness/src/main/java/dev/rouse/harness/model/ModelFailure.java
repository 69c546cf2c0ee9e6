package dev.rouse.harness.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A model request without a complete answer. The loop asks two things: retry, or terminal; and
 * whether the same would be answered if it said less.
 */
public final class ModelFailure extends Exception {

  private final boolean retryable;
  private final boolean tooLong;
  private final String errorType;
  private final @Nullable Duration retryAfter;

  private ModelFailure(
      boolean retryable,
      boolean tooLong,
      String errorType,
      String message,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super(message, cause);
    this.retryable = retryable;
    this.tooLong = tooLong;
    this.errorType = errorType;
    this.retryAfter = retryAfter;
  }

  /**
   * Another try may help.
   *
   * @param errorType a {@code session.error} type of the wire
   * @param retryAfter the provider's wish, if it had one
   */
  public static ModelFailure retryable(
      String errorType, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
    return new ModelFailure(true, false, errorType, message, retryAfter, cause);
  }

  /** Another try would end the same way. */
  public static ModelFailure terminal(String errorType, String message) {
    return new ModelFailure(false, false, errorType, message, null, null);
  }

  /** The request holds more than the model's context: another try would end the same way. */
  public static ModelFailure tooLong(String message) {
    return new ModelFailure(false, true, "model_request_failed_error", message, null, null);
  }

  public boolean isRetryable() {
    return retryable;
  }

  public boolean isTooLong() {
    return tooLong;
  }

  public String errorType() {
    return errorType;
  }

  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
