package dev.rouse.e2e.cluster;

import dev.rouse.devcluster.launch.Adjustment;
import dev.rouse.devcluster.pki.Trust;
import dev.rouse.e2e.proxy.HoldingProxy;
import dev.rouse.e2e.proxy.ServingTls;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Proxies in front of the server and, for the operator alone, of the Kubernetes API. The components
 * are started with the doors' addresses and cannot tell them from the real ones.
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

  private @Nullable SSLContext serving;
  private @Nullable Path serverKubeconfig;
  private @Nullable HoldingProxy server;
  private @Nullable HoldingProxy kubernetes;

  @Override
  public Map<String, String> of(String component, Map<String, String> settings) throws IOException {
    return switch (component) {
      case "server" -> {
        serving =
            ServingTls.of(
                Path.of(required(settings, "ROUSE_TLS_CERT")),
                Path.of(required(settings, "ROUSE_TLS_KEY")));
        serverKubeconfig = Path.of(required(settings, "KUBECONFIG"));
        yield settings;
      }
      case "operator" -> operator(settings);
      default -> settings;
    };
  }

  private Map<String, String> operator(Map<String, String> settings) throws IOException {
    SSLContext trusting = Trust.in(Path.of(required(settings, "ROUSE_CA_FILE")));
    server =
        new HoldingProxy(
            URI.create(required(settings, "ROUSE_SERVER_URL")), started(serving), trusting);
    Way way = way("operator", Path.of(required(settings, "KUBECONFIG")), trusting);
    kubernetes = way.door();

    Map<String, String> changed = new HashMap<>(settings);
    changed.putAll(IMPATIENCE);
    changed.put("ROUSE_SERVER_URL", server.uri().toString());
    changed.put("KUBECONFIG", way.kubeconfig().toString());
    return changed;
  }

  /**
   * A way to the Kubernetes API.
   *
   * @param door what it leads through
   * @param kubeconfig names the door instead of the API server
   */
  record Way(HoldingProxy door, Path kubeconfig) {}

  /** A way of its own for somebody who has the server's account. */
  Way serversWay(String who, Path caFile) throws IOException {
    return way(who, serverKubeconfig(), Trust.in(caFile));
  }

  private Way way(String who, Path kubeconfig, SSLContext trusting) throws IOException {
    String text = Files.readString(kubeconfig);
    Matcher address = API_SERVER.matcher(text);
    if (!address.find()) {
      throw new IOException(kubeconfig + " names no API server on loopback");
    }
    HoldingProxy door = new HoldingProxy(URI.create(address.group()), started(serving), trusting);
    Path through = kubeconfig.resolveSibling(who + "-through-door.yaml");
    Files.writeString(through, text.replace(address.group(), door.uri().toString()));
    return new Way(door, through);
  }

  /** As whom the server talks to the Kubernetes API. */
  Path serverKubeconfig() {
    return started(serverKubeconfig);
  }

  /** In front of the server: what brains say. */
  HoldingProxy server() {
    return started(server);
  }

  /** In front of the Kubernetes API: what the operator says. */
  HoldingProxy kubernetes() {
    return started(kubernetes);
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
    if (server != null) {
      server.close();
    }
    if (kubernetes != null) {
      kubernetes.close();
    }
  }
}
