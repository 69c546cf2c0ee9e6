package dev.rouse.session;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * The error of a {@link SessionEvent.ErrorRaised} (wire contract §2.4).
 *
 * @param type for example {@code model_overloaded_error}
 * @param message says what happened and what to do
 * @param retryStatus what it means for the session
 * @param more further fields, by type
 */
public record SessionError(
    String type,
    String message,
    RetryStatus retryStatus,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> more) {

  public SessionError {
    more = Kept.inOrder(more);
  }

  /**
   * {@code retrying}: by itself; {@code exhausted}: this turn is dead; {@code terminal}: the
   * session is.
   */
  public record RetryStatus(String type) {
    public static final RetryStatus RETRYING = new RetryStatus("retrying");
    public static final RetryStatus EXHAUSTED = new RetryStatus("exhausted");
    public static final RetryStatus TERMINAL = new RetryStatus("terminal");
  }

  public static SessionError of(String type, String message, RetryStatus retryStatus) {
    return new SessionError(type, message, retryStatus, Map.of());
  }
}
