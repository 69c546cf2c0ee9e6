package dev.rouse.harness;

import dev.rouse.logging.LogFormat;
import io.vertx.core.net.SocketAddress;
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
 * @param caPem {@code ROUSE_CA_PEM}: the only certificates to trust for an https server; the
 *     system's if left out. Text and not a file, because a pod's spec can carry it without another
 *     object
 * @param providerType {@code ROUSE_PROVIDER_TYPE}: {@code anthropic} or {@code openai}
 * @param providerUrl {@code ROUSE_PROVIDER_URL}: the provider's base URL
 * @param providerKeyFile {@code ROUSE_PROVIDER_KEY_FILE}: the mounted model key; left out for a
 *     provider that wants none
 * @param health {@code ROUSE_HEALTH_LISTEN}: where to answer {@code GET /healthz}, host:port;
 *     nowhere if left out
 * @param linger {@code ROUSE_LINGER}: how long a resting brain stays, ISO 8601; default PT30S
 * @param wakeReason {@code ROUSE_WAKE_REASON}: for a person to read in the log; default "due"
 */
record Settings(
    String serverUrl,
    String sessionUid,
    Path tokenFile,
    @Nullable String caPem,
    ProviderType providerType,
    String providerUrl,
    @Nullable Path providerKeyFile,
    @Nullable SocketAddress health,
    Duration linger,
    String wakeReason) {

  /** The protocols that a brain can speak to a model. */
  enum ProviderType {
    ANTHROPIC,
    OPENAI
  }

  /** A setting is missing or wrong; the message names it and says what it must be. */
  static final class Invalid extends Exception {
    Invalid(String message) {
      super(message);
    }
  }

  static Settings from(Map<String, String> environment) throws Invalid {
    checkLogFormat(environment);
    Reader reader = new Reader(environment);
    return new Settings(
        reader.url("ROUSE_SERVER_URL"),
        reader.required("ROUSE_SESSION_UID"),
        reader.file("ROUSE_TOKEN_FILE"),
        reader.optional("ROUSE_CA_PEM"),
        reader.providerType("ROUSE_PROVIDER_TYPE"),
        reader.url("ROUSE_PROVIDER_URL"),
        // Not checked here: a Secret that comes late is said in the session, where people look.
        reader.path("ROUSE_PROVIDER_KEY_FILE"),
        reader.address("ROUSE_HEALTH_LISTEN"),
        reader.duration("ROUSE_LINGER", Duration.ofSeconds(30)),
        environment.getOrDefault("ROUSE_WAKE_REASON", "due"));
  }

  /** {@code ROUSE_LOG_FORMAT} is the logging configuration's to read, which refuses nothing. */
  private static void checkLogFormat(Map<String, String> environment) throws Invalid {
    try {
      LogFormat.of(environment);
    } catch (IllegalArgumentException e) {
      throw new Invalid(String.valueOf(e.getMessage()));
    }
  }

  private record Reader(Map<String, String> environment) {

    String required(String name) throws Invalid {
      String value = environment.get(name);
      if (value == null || value.isBlank()) {
        throw new Invalid(name + " is not set");
      }
      return value.strip();
    }

    @Nullable String optional(String name) {
      String value = environment.getOrDefault(name, "").strip();
      return value.isEmpty() ? null : value;
    }

    @Nullable Path path(String name) {
      @Nullable String value = optional(name);
      return value == null ? null : Path.of(value);
    }

    @Nullable SocketAddress address(String name) throws Invalid {
      @Nullable String value = optional(name);
      if (value == null) {
        return null;
      }
      int colon = value.lastIndexOf(':');
      try {
        return SocketAddress.inetSocketAddress(
            Integer.parseInt(value.substring(colon + 1)), value.substring(0, colon));
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        throw new Invalid(name + " must be host:port, not \"" + value + "\"");
      }
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
      return switch (value) {
        case "anthropic" -> ProviderType.ANTHROPIC;
        case "openai" -> ProviderType.OPENAI;
        default ->
            throw new Invalid(name + " must be \"anthropic\" or \"openai\", not \"" + value + "\"");
      };
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
