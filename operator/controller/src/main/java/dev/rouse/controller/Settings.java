package dev.rouse.controller;

import dev.rouse.controller.isolation.IsolationSettings;
import dev.rouse.controller.session.HandsResources;
import dev.rouse.logging.LogFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The operator's settings, all from the environment.
 *
 * @param serverUrl {@code ROUSE_SERVER_URL}: where brains find the server
 * @param brainImage {@code ROUSE_BRAIN_IMAGE}
 * @param handsImage {@code ROUSE_HANDS_IMAGE}: for Environments that name none, and where sandboxes
 *     of other images get the tool server from
 * @param handsRuntime {@code ROUSE_HANDS_RUNTIME}: how they get it: {@code copy}, {@code volume} or
 *     {@code image}
 * @param caFile {@code ROUSE_CA_FILE}: the PEM that brains trust the server by, read again for
 *     each; null: the system's
 * @param namespace {@code ROUSE_NAMESPACE}: the release's own, for the leader's Lease
 * @param watchNamespaces {@code ROUSE_WATCH_NAMESPACES}: separated by commas; empty: all
 * @param leaderElection {@code ROUSE_LEADER_ELECTION}: {@code true} where more than one may run
 * @param brainUnreadyAfter {@code ROUSE_BRAIN_UNREADY_AFTER}: a brain that was ready and has not
 *     been for so long is replaced
 * @param handsUnreadyAfter {@code ROUSE_HANDS_UNREADY_AFTER}: hands that were ready and have not
 *     been for so long are gone
 * @param restartBackoffMin {@code ROUSE_RESTART_BACKOFF_MIN}: pause after the second brain, or
 *     hands, in a row that failed
 * @param restartBackoffMax {@code ROUSE_RESTART_BACKOFF_MAX}: the longest such pause
 * @param secretRecheck {@code ROUSE_SECRET_RECHECK}: how often a missing Secret is asked for
 * @param healthListen {@code ROUSE_HEALTH_LISTEN}: host:port of the probes; empty: none
 * @param handsResources {@code ROUSE_HANDS_REQUESTS} and {@code ROUSE_HANDS_LIMITS}: what hands get
 *     of what their Environment does not speak of
 * @param isolation {@code ROUSE_SANDBOX_…}: what sandboxes may reach
 * @param metricsListen {@code ROUSE_METRICS_LISTEN}: host:port of the metrics, and of the probes
 *     beside them; empty: none
 * @param logFormat {@code ROUSE_LOG_FORMAT}: how the operator, and brains and hands that it starts,
 *     write their logs: {@code text} or {@code json}
 */
public record Settings(
    String serverUrl,
    String brainImage,
    String handsImage,
    HandsRuntime handsRuntime,
    @Nullable Path caFile,
    String namespace,
    Set<String> watchNamespaces,
    boolean leaderElection,
    Duration brainUnreadyAfter,
    Duration handsUnreadyAfter,
    Duration restartBackoffMin,
    Duration restartBackoffMax,
    Duration secretRecheck,
    Optional<String> healthListen,
    HandsResources handsResources,
    IsolationSettings isolation,
    Optional<String> metricsListen,
    LogFormat logFormat) {

  public Settings {
    watchNamespaces = Set.copyOf(watchNamespaces);
  }

  /**
   * Reads them.
   *
   * @throws SettingsException naming the variable that is missing or wrong
   */
  public static Settings from(Map<String, String> environment) {
    return new Reader(environment).read();
  }

  /** How a sandbox gets the tool server if its image is not our hands image. */
  public enum HandsRuntime {
    /** An init container copies it out of our image. */
    COPY,
    /** Our image is mounted as a volume, where the cluster can do that. */
    VOLUME,
    /** Every image that an Environment names has it. */
    IMAGE
  }

  /** A variable that is missing or wrong. */
  public static final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SettingsException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  private record Reader(Map<String, String> environment) {

    Settings read() {
      return new Settings(
          required("ROUSE_SERVER_URL").replaceFirst("/+$", ""),
          required("ROUSE_BRAIN_IMAGE"),
          required("ROUSE_HANDS_IMAGE"),
          handsRuntime(),
          optional("ROUSE_CA_FILE").map(Reader::readable).orElse(null),
          optional("ROUSE_NAMESPACE").orElse("rouse-system"),
          names(optional("ROUSE_WATCH_NAMESPACES").orElse("")),
          flag("ROUSE_LEADER_ELECTION"),
          duration("ROUSE_BRAIN_UNREADY_AFTER", "PT15S"),
          duration("ROUSE_HANDS_UNREADY_AFTER", "PT2M"),
          duration("ROUSE_RESTART_BACKOFF_MIN", "PT10S"),
          duration("ROUSE_RESTART_BACKOFF_MAX", "PT5M"),
          duration("ROUSE_SECRET_RECHECK", "PT30S"),
          optional("ROUSE_HEALTH_LISTEN"),
          checked(HandsResources::from),
          checked(IsolationSettings::from),
          optional("ROUSE_METRICS_LISTEN"),
          checked(LogFormat::of));
    }

    private <T> T checked(Function<Map<String, String>, T> part) {
      try {
        return part.apply(environment);
      } catch (IllegalArgumentException e) {
        throw new SettingsException(String.valueOf(e.getMessage()), e);
      }
    }

    private Optional<String> optional(String name) {
      return Optional.ofNullable(environment.get(name))
          .map(String::strip)
          .filter(it -> !it.isEmpty());
    }

    private String required(String name) {
      return optional(name)
          .orElseThrow(() -> new SettingsException(name + " is not set: set it", null));
    }

    private boolean flag(String name) {
      String text = optional(name).orElse("false");
      if (!text.equals("true") && !text.equals("false")) {
        throw new SettingsException(
            "%s is %s: set it to true or false".formatted(name, text), null);
      }
      return text.equals("true");
    }

    private HandsRuntime handsRuntime() {
      String text = optional("ROUSE_HANDS_RUNTIME").orElse("copy");
      return switch (text) {
        case "copy" -> HandsRuntime.COPY;
        case "volume" -> HandsRuntime.VOLUME;
        case "image" -> HandsRuntime.IMAGE;
        default ->
            throw new SettingsException(
                "ROUSE_HANDS_RUNTIME is %s: set it to copy, volume or image".formatted(text), null);
      };
    }

    private Duration duration(String name, String otherwise) {
      String text = optional(name).orElse(otherwise);
      try {
        Duration duration = Duration.parse(text);
        if (duration.isNegative() || duration.isZero()) {
          throw new SettingsException(
              "%s is %s: set it to more than nothing".formatted(name, text), null);
        }
        return duration;
      } catch (DateTimeParseException e) {
        throw new SettingsException(
            "%s is %s: set it to an ISO 8601 duration such as %s".formatted(name, text, otherwise),
            e);
      }
    }

    private static Set<String> names(String text) {
      Set<String> names = new TreeSet<>();
      for (String name : text.split(",", -1)) {
        if (!name.isBlank()) {
          names.add(name.strip());
        }
      }
      return names;
    }

    private static Path readable(String file) {
      Path path = Path.of(file);
      if (!Files.isReadable(path)) {
        throw new SettingsException(
            "ROUSE_CA_FILE is %s, which cannot be read".formatted(file), null);
      }
      return path;
    }
  }
}
