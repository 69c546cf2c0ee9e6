package dev.rouse.harness.model.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rouse.harness.model.ModelFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An error as providers word it, and what it means: retry or terminal, and as which error of the
 * session's wire.
 *
 * <p>The error is an object with {@code message} and with names in {@code type} and {@code code},
 * under {@code error} or, from some servers, at the top; or just a text under {@code error} or
 * {@code detail}.
 *
 * @param names what the provider calls it; a number in {@code code} is an HTTP status
 * @param param the request's field that is at fault, or empty
 * @param message the provider's own words
 */
public record ProviderError(List<String> names, String param, String message) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_MESSAGE = 500;
  private static final String FAILED = "model_request_failed_error";

  private static final Set<String> OVERLOADED = Set.of("overloaded_error", "529");
  private static final Set<String> RATE_LIMITED =
      Set.of("rate_limit_error", "rate_limit_exceeded", "429");

  /** Waiting does not fill an account. */
  private static final Set<String> BILLING =
      Set.of(
          "billing_error",
          "insufficient_quota",
          "billing_hard_limit_reached",
          "billing_not_active",
          "402");

  private static final Set<String> PASSING =
      Set.of(
          "api_error", "timeout_error", "internal_server_error", "server_error", "internal_error");

  /**
   * What providers and servers call a request that their model's context cannot hold. There is no
   * common code: the name where there is one, else their words.
   */
  private static final Pattern TOO_LONG =
      Pattern.compile(
          String.join(
              "|",
              "(prompt|input|request|messages?|conversation) (is|are) too (long|large)",
              "context[ _]?(length|window|size|limit)",
              "maximum model length",
              "exceeds? the (maximum|limit).{0,20} tokens",
              "reduce the length"),
          Pattern.CASE_INSENSITIVE);

  public ProviderError {
    names = List.copyOf(names);
  }

  /** Reads the body of an answer that is no stream, whatever it is. */
  static ProviderError ofBody(String body) {
    try {
      JsonNode json = JSON.readTree(body);
      if (json != null && json.isObject()) {
        return of(json);
      }
    } catch (JsonProcessingException e) {
      // A proxy's page, perhaps: nothing for a session's log.
    }
    return new ProviderError(List.of(), "", "no reason given");
  }

  /** Reads an object that holds an error. */
  public static ProviderError of(JsonNode json) {
    JsonNode error = json.path("error").isObject() ? json.path("error") : json;
    List<String> names = new ArrayList<>();
    for (String field : List.of("type", "code")) {
      JsonNode name = error.path(field);
      if (name.isValueNode() && !name.asText().isBlank() && !name.isNull()) {
        names.add(name.asText());
      }
    }
    String message =
        error.path("message").asText(json.path("error").asText(json.path("detail").asText("")));
    return new ProviderError(
        names, error.path("param").asText(""), message.isBlank() ? "no reason given" : message);
  }

  /** The failure of a request that was answered with {@code status}. */
  ModelFailure ofStatus(int status, String provider, @Nullable Duration retryAfter) {
    String text = "HTTP " + status + " from model provider " + provider + ": " + shortened();
    if (isTooLong(status)) {
      return ModelFailure.tooLong(text);
    }
    boolean retry = passes(status) && !is(BILLING);
    return retry
        ? ModelFailure.retryable(wireType(status), text, retryAfter, null)
        : ModelFailure.terminal(wireType(status), text);
  }

  /** The failure of an answer that the provider broke off with this error. */
  public ModelFailure inStream() {
    String text = "the provider broke off: " + shortened();
    if (isTooLong(400)) {
      return ModelFailure.tooLong(text);
    }
    return passes()
        ? ModelFailure.retryable(wireType(0), text, null, null)
        : ModelFailure.terminal(wireType(0), text);
  }

  /** A limit on tokens a minute is worded much alike, and passes. */
  private boolean isTooLong(int status) {
    boolean faulty = status == 400 || status == 413 || status == 422;
    return faulty
        && !is(RATE_LIMITED)
        && !is(OVERLOADED)
        && !is(BILLING)
        && (status == 413 || TOO_LONG.matcher(String.join(" ", names) + " " + message).find());
  }

  private boolean passes() {
    boolean known = is(OVERLOADED) || is(RATE_LIMITED) || is(PASSING);
    boolean status =
        names.stream()
            .filter(name -> name.matches("\\d{3}"))
            .anyMatch(name -> passes(Integer.parseInt(name)));
    return (known || status || names.isEmpty()) && !is(BILLING);
  }

  private static boolean passes(int status) {
    return status == 408 || status == 409 || status == 429 || status >= 500;
  }

  private String wireType(int status) {
    if (status == 402 || is(BILLING)) {
      return "billing_error";
    }
    if (status == 529 || is(OVERLOADED)) {
      return "model_overloaded_error";
    }
    return status == 429 || is(RATE_LIMITED) ? "model_rate_limited_error" : FAILED;
  }

  private boolean is(Set<String> those) {
    return names.stream().anyMatch(those::contains);
  }

  private String shortened() {
    String text = names.isEmpty() ? message : names.getFirst() + ": " + message;
    return text.length() <= LONGEST_MESSAGE ? text : text.substring(0, LONGEST_MESSAGE) + "…";
  }
}
