package dev.rouse.harness;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a brain is told by its environment, and by nothing else.
 *
 * @param serverUrl {@code ROUSE_SERVER_URL}: the server's base URL
 * @param sessionUid {@code ROUSE_SESSION_UID}: the Session object's UID
 * @param tokenFile {@code ROUSE_TOKEN_FILE}: the pod's projected token, audience rouse-brain
 * @param caFile {@code ROUSE_CA_FILE}: PEM certificates to trust for an https server; optional
 * @param providerType {@code ROUSE_PROVIDER_TYPE}: {@code anthropic}
 * @param providerUrl {@code ROUSE_PROVIDER_URL}: the provider's base URL
 * @param providerKeyFile {@code ROUSE_PROVIDER_KEY_FILE}: the mounted model key
 * @param linger {@code ROUSE_LINGER}: how long a resting brain stays, ISO 8601; default PT30S
 * @param wakeReason {@code ROUSE_WAKE_REASON}: for a person to read in the log; default "due"
 */
record Settings(
    String serverUrl,
    String sessionUid,
    Path tokenFile,
    @Nullable Path caFile,
    ProviderType providerType,
    String providerUrl,
    Path providerKeyFile,
    Duration linger,
    String wakeReason) {

  /** The protocols that a brain can speak to a model. */
  enum ProviderType {
    ANTHROPIC
  }

  /** A setting is missing or wrong; the message names it and says what it must be. */
  static final class Invalid extends Exception {
    Invalid(String message) {
      super(message);
    }
  }

  static Settings from(Map<String, String> environment) throws Invalid {
    Reader reader = new Reader(environment);
    String ca = environment.getOrDefault("ROUSE_CA_FILE", "");
    return new Settings(
        reader.url("ROUSE_SERVER_URL"),
        reader.required("ROUSE_SESSION_UID"),
        reader.file("ROUSE_TOKEN_FILE"),
        ca.isEmpty() ? null : reader.file("ROUSE_CA_FILE"),
        reader.providerType("ROUSE_PROVIDER_TYPE"),
        reader.url("ROUSE_PROVIDER_URL"),
        // Not checked here: a Secret that comes late is said in the session, where people look.
        Path.of(reader.required("ROUSE_PROVIDER_KEY_FILE")),
        reader.duration("ROUSE_LINGER", Duration.ofSeconds(30)),
        environment.getOrDefault("ROUSE_WAKE_REASON", "due"));
  }

  private record Reader(Map<String, String> environment) {

    String required(String name) throws Invalid {
      String value = environment.get(name);
      if (value == null || value.isBlank()) {
        throw new Invalid(name + " is not set");
      }
      return value.strip();
    }

    String url(String name) throws Invalid {
      String value = required(name);
      try {
        URI uri = URI.create(value);
        if (uri.getHost() != null
            && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
          return value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
        }
      } catch (IllegalArgumentException e) {
        // The same answer as for a URL of another kind.
      }
      throw new Invalid(name + " must be an http or https URL with a host, not \"" + value + "\"");
    }

    Path file(String name) throws Invalid {
      Path path = Path.of(required(name));
      if (!Files.isReadable(path)) {
        throw new Invalid(name + " names " + path + ", which cannot be read");
      }
      return path;
    }

    ProviderType providerType(String name) throws Invalid {
      String value = required(name);
      if (!value.equals("anthropic")) {
        throw new Invalid(name + " must be \"anthropic\", not \"" + value + "\"");
      }
      return ProviderType.ANTHROPIC;
    }

    Duration duration(String name, Duration otherwise) throws Invalid {
      String value = environment.getOrDefault(name, "");
      if (value.isBlank()) {
        return otherwise;
      }
      try {
        Duration duration = Duration.parse(value.strip());
        if (!duration.isNegative()) {
          return duration;
        }
      } catch (DateTimeException e) {
        // The same answer as for a negative one.
      }
      throw new Invalid(
          name + " must be a duration such as PT30S, zero or more, not \"" + value + "\"");
    }
  }
}
