package dev.rouse.harness.model.anthropic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rouse.harness.model.ModelFailure;
import java.io.IOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the provider's errors mean: retry or terminal, and as which error of the wire. */
final class AnthropicErrors {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_MESSAGE = 500;

  /** A wish for more than this is met by giving the provider this long. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  private AnthropicErrors() {}

  /** An {@code error} event in the middle of a stream. */
  static ModelFailure inStream(JsonNode error) {
    String type = error.path("type").asText();
    String message = "the provider broke off: " + shortened(type, error);
    return switch (type) {
      case "overloaded_error",
          "rate_limit_error",
          "api_error",
          "timeout_error",
          "internal_server_error" ->
          ModelFailure.retryable(wireType(type, 0), message, null, null);
      default -> ModelFailure.terminal(wireType(type, 0), message);
    };
  }

  /**
   * An answer that is no stream.
   *
   * @param provider the ModelProvider object's name, for a person to find it
   * @param retryAfter the header of that name
   */
  static ModelFailure ofStatus(
      int status, String body, String provider, Optional<String> retryAfter, Clock clock) {
    JsonNode error = errorOf(body);
    String type = error.path("type").asText();
    String said = "HTTP " + status + " from model provider " + provider + ": ";
    if (status == 408 || status == 409 || status == 429 || status >= 500) {
      return ModelFailure.retryable(
          wireType(type, status),
          said + shortened(type, error),
          retryAfter.flatMap(value -> wait(value, clock)).orElse(null),
          null);
    }
    if (status == 401 || status == 403) {
      // The provider's own words may repeat part of the key.
      return ModelFailure.terminal(
          "model_request_failed_error",
          said
              + "it refused the key. Fix the Secret that ModelProvider "
              + provider
              + " names in spec.secretRef, then send a message to try again");
    }
    return ModelFailure.terminal(wireType(type, status), said + shortened(type, error));
  }

  /** The request did not come through, or the answer stopped coming in. */
  static ModelFailure ofConnection(String provider, IOException cause) {
    return ModelFailure.retryable(
        "model_request_failed_error",
        "the connection to model provider " + provider + " failed: " + cause.getMessage(),
        null,
        cause);
  }

  private static String wireType(String type, int status) {
    if (status == 529 || type.equals("overloaded_error")) {
      return "model_overloaded_error";
    }
    if (status == 429 || type.equals("rate_limit_error")) {
      return "model_rate_limited_error";
    }
    return status == 402 || type.equals("billing_error")
        ? "billing_error"
        : "model_request_failed_error";
  }

  private static JsonNode errorOf(String body) {
    try {
      @Nullable JsonNode json = JSON.readTree(body);
      return json == null ? JSON.missingNode() : json.path("error");
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }

  private static String shortened(String type, JsonNode error) {
    String message = error.path("message").asText("no reason given");
    String text = type.isEmpty() ? message : type + ": " + message;
    return text.length() <= LONGEST_MESSAGE ? text : text.substring(0, LONGEST_MESSAGE) + "…";
  }

  /** Seconds, or a date (RFC 9110 §10.2.3). */
  private static Optional<Duration> wait(String value, Clock clock) {
    Duration wait;
    try {
      wait = Duration.ofMillis(Math.round(Double.parseDouble(value.strip()) * 1000));
    } catch (NumberFormatException e) {
      try {
        ZonedDateTime until =
            ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME);
        wait = Duration.between(clock.instant(), until.toInstant());
      } catch (DateTimeException none) {
        return Optional.empty();
      }
    }
    if (wait.isNegative()) {
      return Optional.empty();
    }
    return Optional.of(wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
  }
}
