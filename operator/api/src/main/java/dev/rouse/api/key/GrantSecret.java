package dev.rouse.api.key;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How the grant of a key looks as an immutable Secret of the release namespace. */
final class GrantSecret {

  private GrantSecret() {}

  /**
   * The Secret.
   *
   * @param type also its label; it can never be changed, so no other Secret becomes one
   */
  static Secret of(String type, String namespace, String name, Map<String, String> text) {
    Map<String, String> data = new HashMap<>();
    text.forEach((key, value) ->
        data.put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
    return new SecretBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .addToLabels(type, "true")
        .addToLabels("app.kubernetes.io/managed-by", "rouse")
        .endMetadata()
        .withType(type)
        .withImmutable(true)
        .withData(data)
        .build();
  }

  /** The text of a time that may be absent. */
  static String text(@Nullable Instant time) {
    return time == null ? "" : time.toString();
  }

  /** The time of a text that may be empty. */
  static @Nullable Instant time(String text) {
    return text.isEmpty() ? null : Instant.parse(text);
  }

  /** What {@code reader} makes of the text by key; empty if it is not what we write. */
  static <T> Optional<T> read(
      Secret secret, String type, Function<Function<String, String>, Optional<T>> reader) {
    Map<String, String> data = secret.getData();
    if (data == null || !type.equals(secret.getType())) {
      return Optional.empty();
    }
    try {
      return reader.apply(key ->
          new String(
              Base64.getDecoder().decode(data.getOrDefault(key, "")), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException | DateTimeException e) {
      // Neither base 64 nor a time: not written by us.
      return Optional.empty();
    }
  }
}
