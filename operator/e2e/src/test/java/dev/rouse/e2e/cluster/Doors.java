package dev.rouse.e2e.cluster;

import dev.rouse.devcluster.launch.Adjustment;
import dev.rouse.devcluster.pki.Trust;
import dev.rouse.e2e.proxy.HoldingProxy;
import dev.rouse.e2e.proxy.ServingTls;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Proxies in front of the server and, for server and operator each, of the Kubernetes API. The
 * components are started with the doors' addresses and cannot tell them from the real ones.
 */
final class Doors implements Adjustment, AutoCloseable {

  private static final Pattern API_SERVER = Pattern.compile("https://127\\.0\\.0\\.1:\\d+");

  /** Waits of the operator, for tests that cannot wait as long as a cluster does. */
  private static final Map<String, String> IMPATIENCE =
      Map.of(
          "ROUSE_BRAIN_UNREADY_AFTER", "PT2S",
          "ROUSE_HANDS_UNREADY_AFTER", "PT4S",
          "ROUSE_RESTART_BACKOFF_MIN", "PT0.5S",
          "ROUSE_SECRET_RECHECK", "PT1S");

  private final Store store;
  private @Nullable SSLContext serving;
  private @Nullable SSLContext trusting;
  private @Nullable Path serverKubeconfig;
  private @Nullable HoldingProxy server;
  private @Nullable HoldingProxy fromServer;
  private @Nullable HoldingProxy fromOperator;

  /**
   * @param store where the server is to keep its logs
   */
  Doors(Store store) {
    this.store = store;
  }

  @Override
  public Map<String, String> of(String component, Map<String, String> settings) throws IOException {
    return switch (component) {
      case "server" -> server(settings);
      case "operator" -> operator(settings);
      default -> settings;
    };
  }

  private Map<String, String> server(Map<String, String> settings) throws IOException {
    Path certificate = Path.of(required(settings, "ROUSE_TLS_CERT"));
    serving = ServingTls.of(certificate, Path.of(required(settings, "ROUSE_TLS_KEY")));
    trusting = Trust.in(certificate.resolveSibling("ca.crt"));
    serverKubeconfig = Path.of(required(settings, "KUBECONFIG"));
    fromServer = kubernetes(serverKubeconfig);

    Map<String, String> changed = new HashMap<>(settings);
    changed.putAll(store.settings());
    changed.put("KUBECONFIG", through(fromServer, "server", serverKubeconfig).toString());
    return changed;
  }

  private Map<String, String> operator(Map<String, String> settings) throws IOException {
    server =
        new HoldingProxy(
            URI.create(required(settings, "ROUSE_SERVER_URL")),
            started(serving),
            started(trusting));
    Path kubeconfig = Path.of(required(settings, "KUBECONFIG"));
    fromOperator = kubernetes(kubeconfig);

    Map<String, String> changed = new HashMap<>(settings);
    changed.putAll(IMPATIENCE);
    changed.put("ROUSE_SERVER_URL", server.uri().toString());
    changed.put("KUBECONFIG", through(fromOperator, "operator", kubeconfig).toString());
    return changed;
  }

  private HoldingProxy kubernetes(Path kubeconfig) throws IOException {
    return HoldingProxy.beforeLasting(
        URI.create(apiServer(kubeconfig)), started(serving), started(trusting));
  }

  /** The same credentials, by way of a door. */
  private static Path through(HoldingProxy door, String who, Path kubeconfig) throws IOException {
    Path through = kubeconfig.resolveSibling(who + "-through-door.yaml");
    Files.writeString(
        through,
        Files.readString(kubeconfig).replace(apiServer(kubeconfig), door.uri().toString()));
    return through;
  }

  /**
   * A way to the Kubernetes API.
   *
   * @param door what it leads through
   * @param kubeconfig names the door instead of the API server
   */
  record Way(HoldingProxy door, Path kubeconfig) {}

  /** A way of its own for somebody who has the server's account. */
  Way serversWay(String who) throws IOException {
    HoldingProxy door = kubernetes(serverKubeconfig());
    return new Way(door, through(door, who, serverKubeconfig()));
  }

  private static String apiServer(Path kubeconfig) throws IOException {
    Matcher address = API_SERVER.matcher(Files.readString(kubeconfig));
    if (!address.find()) {
      throw new IOException(kubeconfig + " names no API server on loopback");
    }
    return address.group();
  }

  /** As whom the server talks to the Kubernetes API. */
  Path serverKubeconfig() {
    return started(serverKubeconfig);
  }

  /** In front of the server: what brains say. */
  HoldingProxy server() {
    return started(server);
  }

  /** In front of the Kubernetes API: what the server says. */
  HoldingProxy fromServer() {
    return started(fromServer);
  }

  /** In front of the Kubernetes API: what the operator says. */
  HoldingProxy fromOperator() {
    return started(fromOperator);
  }

  private static String required(Map<String, String> settings, String name) throws IOException {
    String value = settings.get(name);
    if (value == null) {
      throw new IOException("the component is started without " + name);
    }
    return value;
  }

  private static <T> T started(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("server and operator have not been started");
    }
    return value;
  }

  @Override
  public void close() throws IOException {
    for (HoldingProxy door : Arrays.asList(server, fromServer, fromOperator)) {
      if (door != null) {
        door.close();
      }
    }
  }
}
