package dev.rouse.e2e.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;

/**
 * What the server answered.
 *
 * @param body missing if it was no JSON
 * @param wantsRetry whether clients repeat such an answer by themselves
 * @param at when it was there
 */
public record Answer(String call, int status, JsonNode body, boolean wantsRetry, Instant at) {

  public static Answer of(String call, HttpResponse<String> response) {
    return new Answer(
        call, response.statusCode(), json(response.body()), wantsRetry(response), Instant.now());
  }

  private static JsonNode json(String body) {
    try {
      JsonNode json = EventCodec.JSON.readTree(body);
      return json == null ? MissingNode.getInstance() : json;
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  /** The rule that SDKs follow (contract §4). */
  private static boolean wantsRetry(HttpResponse<String> response) {
    int status = response.statusCode();
    return response
        .headers()
        .firstValue("x-should-retry")
        .map("true"::equals)
        .orElse(status == 408 || status == 409 || status == 429 || status >= 500);
  }

  /** The body of a call that must have succeeded. */
  public JsonNode ok() {
    if (status != 200) {
      throw new AssertionError(this);
    }
    return body;
  }

  /** The wire's class of an error, {@code error.type}. */
  public String errorType() {
    return body.path("error").path("type").asText();
  }

  /** The sentence for people. */
  public String message() {
    return body.path("error").path("message").asText();
  }

  @Override
  public String toString() {
    return "%s: %d %s".formatted(call, status, body);
  }
}
