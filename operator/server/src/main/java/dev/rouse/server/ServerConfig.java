package dev.rouse.server;

import dev.rouse.api.Rouse;
import dev.rouse.log.LogSettings;
import dev.rouse.logging.LogFormat;
import dev.rouse.server.http.TlsFiles;
import dev.rouse.server.keeper.SessionKeeper.Pace;
import dev.rouse.server.tls.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server's settings, all from the environment:
 *
 * <pre>
 * ROUSE_LISTEN            host:port, 0.0.0.0:8443
 * ROUSE_TLS               files, self or off; files where ROUSE_TLS_CERT is set, else self
 * ROUSE_TLS_CERT          files: certificate chain, PEM file; re-read when it changes
 * ROUSE_TLS_KEY           files: its private key, PEM file (PKCS #8)
 * ROUSE_TLS_CA            files: the CA of it, PEM file, published in ConfigMap rouse-server-ca; none
 * ROUSE_TLS_NAMES         self: names and addresses besides the Service's, separated by commas
 * ROUSE_METRICS_LISTEN    host:port of /metrics, /healthz and /readyz in plain HTTP, for the
 *                         cluster's inside only; nowhere
 * ROUSE_LOG_FORMAT        how this program's own log is written: text or json; text
 * ROUSE_NAMESPACE         the release's namespace, where keys and certificate are; rouse-system
 * ROUSE_WATCH_NAMESPACES  namespaces to serve, separated by commas; all
 * ROUSE_RECHECK           how often sessions are looked after that another server forgot; PT10S
 * ROUSE_STATUS_EVERY      the least time between status writes that nobody waits for; PT5S
 * ROUSE_STORE             where logs are: configmap, sqlite or postgres; configmap
 * ROUSE_STORE_PATH        sqlite: the directory of the database, on a local volume
 * ROUSE_STORE_URL         postgres: jdbc:postgresql://host:port/database, without user and password
 * ROUSE_STORE_USER        postgres: the role to connect as
 * ROUSE_STORE_PASSWORD_FILE postgres: the file with its password, read for each connection; without
 *                         one, none is sent
 * ROUSE_STORE_CONNECTIONS postgres: how many this server opens at most, and one that listens; 16
 * ROUSE_LOG_BYTES         stored bytes of one log from which new input is refused;
 *                         33554432 packed in ConfigMaps, 268435456 as they are in a database
 * ROUSE_LOG_TOTAL_BYTES   the same for all logs together; 536870912, no limit in a database
 * ROUSE_LOG_RESERVE_BYTES what a log may grow beyond its limit to end the work under way;
 *                         16777216, 67108864 in a database
 * </pre>
 *
 * @param host address to listen on
 * @param port port to listen on; 0 for a free one
 * @param tls how the server proves who it is
 * @param namespace the release's namespace
 * @param watchNamespaces namespaces to serve; all if empty
 * @param pace how often things are looked at
 * @param logs limits of logs
 * @param store where logs are kept
 * @param metrics host:port to tell metrics on; null for nowhere
 */
public record ServerConfig(
    String host,
    int port,
    Tls tls,
    String namespace,
    List<String> watchNamespaces,
    Pace pace,
    LogSettings logs,
    Store store,
    @Nullable String metrics) {

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
    // The logging configuration reads it by itself, and refuses nothing.
    LogFormat.of(environment);
    Store store = Store.of(settings);
    LogSettings defaults = store.limits();
    String address = settings.text("ROUSE_LISTEN", "0.0.0.0:8443");
    int colon = address.lastIndexOf(':');
    if (colon <= 0 || !address.substring(colon + 1).matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("ROUSE_LISTEN must be host:port, not " + address);
    }
    return new ServerConfig(
        address.substring(0, colon).replaceAll("^\\[(.*)]$", "$1"),
        Integer.parseInt(address.substring(colon + 1)),
        tls(settings),
        settings.text("ROUSE_NAMESPACE", Rouse.RELEASE_NAMESPACE),
        settings.list("ROUSE_WATCH_NAMESPACES"),
        new Pace(
            settings.duration("ROUSE_RECHECK", Duration.ofSeconds(10)),
            settings.duration("ROUSE_STATUS_EVERY", Duration.ofSeconds(5))),
        new LogSettings(
            settings.bytes("ROUSE_LOG_BYTES", defaults.maxLogBytes()),
            settings.bytes("ROUSE_LOG_TOTAL_BYTES", defaults.maxTotalBytes()),
            settings.bytes("ROUSE_LOG_RESERVE_BYTES", defaults.reserveBytes()),
            defaults.maxOpenLogs(),
            defaults.maxOpenBytes()),
        store,
        metrics(settings));
  }

  private static @Nullable String metrics(Settings settings) {
    String address = settings.text("ROUSE_METRICS_LISTEN", "");
    if (!address.isEmpty() && !address.matches(".+:[0-9]{1,5}")) {
      throw new IllegalArgumentException("ROUSE_METRICS_LISTEN must be host:port, not " + address);
    }
    return address.isEmpty() ? null : address;
  }

  private static Tls tls(Settings settings) {
    String certificate = settings.text("ROUSE_TLS_CERT", "");
    String key = settings.text("ROUSE_TLS_KEY", "");
    String ca = settings.text("ROUSE_TLS_CA", "");
    boolean hasFiles = !certificate.isEmpty() || !key.isEmpty();
    String mode = settings.text("ROUSE_TLS", hasFiles ? "files" : "self");
    List<String> names = settings.list("ROUSE_TLS_NAMES");
    if (hasFiles && !mode.equals("files")) {
      throw new IllegalArgumentException(
          "ROUSE_TLS is "
              + mode
              + ", but ROUSE_TLS_CERT or ROUSE_TLS_KEY is set: unset them, or ROUSE_TLS");
    }
    if (!names.isEmpty() && !mode.equals("self")) {
      throw new IllegalArgumentException(
          "ROUSE_TLS_NAMES is only for ROUSE_TLS=self: unset it, or put the names into the"
              + " certificate that you bring");
    }
    if (!ca.isEmpty() && !mode.equals("files")) {
      throw new IllegalArgumentException(
          "ROUSE_TLS_CA is only for certificates in files: unset it, or set ROUSE_TLS_CERT");
    }
    for (String name : names) {
      if (!name.matches("[A-Za-z0-9*]([-A-Za-z0-9.]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:.]+")) {
        throw new IllegalArgumentException(
            "ROUSE_TLS_NAMES must be host names and IP addresses, not " + name);
      }
    }
    return switch (mode) {
      case "files" -> {
        if (certificate.isEmpty() || key.isEmpty()) {
          throw new IllegalArgumentException(
              "ROUSE_TLS_CERT and ROUSE_TLS_KEY must be set together; with neither, ROUSE_TLS=self"
                  + " makes a certificate and ROUSE_TLS=off serves plain HTTP");
        }
        yield new Tls.Files(
            new TlsFiles(Path.of(certificate), Path.of(key)), ca.isEmpty() ? null : Path.of(ca));
      }
      case "self" -> new Tls.Self(names);
      case "off" -> new Tls.Off();
      default ->
          throw new IllegalArgumentException("ROUSE_TLS must be files, self or off, not " + mode);
    };
  }
}
