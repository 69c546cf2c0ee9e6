package dev.rouse.e2e.wire;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a client wants, however often it has to ask.
 *
 * @param key sent as {@code Idempotency-Key} with every try, or null
 */
public record Request(String method, String path, @Nullable JsonNode body, @Nullable String key) {

  public static Request get(String path) {
    return new Request("GET", path, null, null);
  }

  public static Request post(String path, JsonNode body) {
    return new Request("POST", path, body, null);
  }

  /** The same under a key by which the server knows repeated tries. */
  public Request once(String idempotencyKey) {
    return new Request(method, path, body, idempotencyKey);
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
