package dev.rouse.server;

import dev.rouse.log.LogSettings;
import dev.rouse.server.http.HttpEdge.Listen;
import dev.rouse.server.http.TlsFiles;
import dev.rouse.server.keeper.SessionKeeper.Pace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server's settings, all from the environment:
 *
 * <pre>
 * ROUSE_LISTEN            host:port, 0.0.0.0:8443
 * ROUSE_TLS_CERT          certificate chain, PEM file; re-read when it changes. None: plain HTTP
 * ROUSE_TLS_KEY           its private key, PEM file (PKCS #8)
 * ROUSE_NAMESPACE         the release's namespace, where the ticket key is; rouse-system
 * ROUSE_WATCH_NAMESPACES  namespaces to serve, separated by commas; all
 * ROUSE_RECHECK           how often sessions are looked after that another server forgot; PT10S
 * ROUSE_STATUS_EVERY      the least time between status writes that nobody waits for; PT5S
 * ROUSE_LOG_BYTES         stored bytes of one log from which new input is refused; 33554432
 * ROUSE_LOG_TOTAL_BYTES   the same for all logs together; 536870912
 * ROUSE_LOG_RESERVE_BYTES what a log may grow beyond its limit to end the work under way; 16777216
 * </pre>
 *
 * @param listen where to listen
 * @param namespace the release's namespace
 * @param watchNamespaces namespaces to serve; all if empty
 * @param pace how often things are looked at
 * @param logs limits of logs
 */
public record ServerConfig(
    Listen listen, String namespace, List<String> watchNamespaces, Pace pace, LogSettings logs) {

  public ServerConfig {
    watchNamespaces = List.copyOf(watchNamespaces);
  }

  /**
   * The settings that these environment variables are.
   *
   * @throws IllegalArgumentException when one is wrong; the message names it and says what it must
   *     be
   */
  public static ServerConfig of(Map<String, String> environment) {
    Settings settings = new Settings(environment);
    LogSettings defaults = LogSettings.DEFAULTS;
    return new ServerConfig(
        listen(settings),
        settings.text("ROUSE_NAMESPACE", "rouse-system"),
        Arrays.stream(settings.text("ROUSE_WATCH_NAMESPACES", "").split(","))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList(),
        new Pace(
            settings.duration("ROUSE_RECHECK", Duration.ofSeconds(10)),
            settings.duration("ROUSE_STATUS_EVERY", Duration.ofSeconds(5))),
        new LogSettings(
            settings.bytes("ROUSE_LOG_BYTES", defaults.maxLogBytes()),
            settings.bytes("ROUSE_LOG_TOTAL_BYTES", defaults.maxTotalBytes()),
            settings.bytes("ROUSE_LOG_RESERVE_BYTES", defaults.reserveBytes()),
            defaults.maxOpenLogs(),
            defaults.maxOpenBytes()));
  }

  private static Listen listen(Settings settings) {
    String address = settings.text("ROUSE_LISTEN", "0.0.0.0:8443");
    int colon = address.lastIndexOf(':');
    if (colon <= 0 || !address.substring(colon + 1).matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("ROUSE_LISTEN must be host:port, not " + address);
    }
    String certificate = settings.text("ROUSE_TLS_CERT", "");
    String key = settings.text("ROUSE_TLS_KEY", "");
    if (certificate.isEmpty() != key.isEmpty()) {
      throw new IllegalArgumentException(
          "ROUSE_TLS_CERT and ROUSE_TLS_KEY must be set together, or neither for plain HTTP");
    }
    @Nullable TlsFiles tls =
        certificate.isEmpty() ? null : new TlsFiles(Path.of(certificate), Path.of(key));
    String host = address.substring(0, colon).replaceAll("^\\[(.*)]$", "$1");
    return new Listen(host, Integer.parseInt(address.substring(colon + 1)), tls);
  }

  /** Environment variables, read with their defaults; an empty one is as good as none. */
  private record Settings(Map<String, String> environment) {

    String text(String key, String otherwise) {
      String value = environment.getOrDefault(key, "");
      return value.isBlank() ? otherwise : value.strip();
    }

    Duration duration(String key, Duration otherwise) {
      String text = text(key, otherwise.toString());
      try {
        Duration duration = Duration.parse(text);
        if (duration.isPositive()) {
          return duration;
        }
      } catch (DateTimeParseException e) {
        // The message below says more.
      }
      throw new IllegalArgumentException(
          key + " must be a positive ISO 8601 duration, for example PT10S, not " + text);
    }

    long bytes(String key, long otherwise) {
      String text = text(key, Long.toString(otherwise));
      if (!text.matches("[0-9]{1,15}") || Long.parseLong(text) == 0) {
        throw new IllegalArgumentException(key + " must be a number of bytes above 0, not " + text);
      }
      return Long.parseLong(text);
    }
  }
}
