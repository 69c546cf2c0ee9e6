package dev.rouse.cli;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.PortForward;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A port of this machine that leads to the server, through the Kubernetes API. Each connection goes
 * to a pod that is ready then, so that restarts of the server are survived by connecting again.
 */
final class PodDoor implements AutoCloseable {

  private static final Map<String, String> SERVER =
      Map.of("app.kubernetes.io/name", "rouse", "app.kubernetes.io/component", "server");
  private static final String PORT_NAME = "https";
  private static final int USUAL_PORT = 8443;

  private final KubernetesClient client;
  private final String namespace;
  private final ServerSocketChannel listener;
  private final Set<PortForward> open = ConcurrentHashMap.newKeySet();

  private PodDoor(KubernetesClient client, String namespace, ServerSocketChannel listener) {
    this.client = client;
    this.namespace = namespace;
    this.listener = listener;
  }

  /**
   * Opens the door. The client stays the caller's to close.
   *
   * @param namespace the release's
   * @throws CliException when there is no server, or the user may not see it
   */
  static PodDoor open(KubernetesClient client, String namespace) {
    ServerSocketChannel listener;
    try {
      listener = ServerSocketChannel.open();
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (IOException e) {
      throw new CliException("cannot listen on this machine: " + e.getMessage(), e);
    }
    PodDoor door = new PodDoor(client, namespace, listener);
    try {
      if (door.pod().isEmpty()) {
        throw new CliException(door.nobody());
      }
    } catch (KubernetesClientException e) {
      door.close();
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        throw new CliException(
            ("you may not look for the server in namespace %s: ask for Role rouse-connect there, or"
                    + " give --server URL; if Rouse is elsewhere, give --rouse-namespace")
                .formatted(namespace),
            e);
      }
      throw e;
    } catch (CliException e) {
      door.close();
      throw e;
    }
    Thread.ofVirtual().start(door::accept);
    return door;
  }

  URI uri() {
    try {
      return URI.create(
          "https://localhost:" + ((InetSocketAddress) listener.getLocalAddress()).getPort());
    } catch (IOException e) {
      throw new CliException("the way to the server is closed", e);
    }
  }

  /** Why connections fail, as far as this side of the door knows. */
  Optional<String> problem() {
    Optional<String> forwarding =
        open.stream()
            .flatMap(forward -> forward.getServerThrowables().stream())
            .map(failure -> "the port-forward failed: " + failure.getMessage())
            .findFirst();
    return forwarding.or(() -> pod().isEmpty() ? Optional.of(nobody()) : Optional.empty());
  }

  private String nobody() {
    return ("no server pod is ready in namespace %s: see \"kubectl get pods -n %s -l"
            + " app.kubernetes.io/component=server\"; if Rouse is elsewhere, give"
            + " --rouse-namespace or --server")
        .formatted(namespace, namespace);
  }

  private Optional<Pod> pod() {
    List<Pod> pods = client.pods().inNamespace(namespace).withLabels(SERVER).list().getItems();
    return pods.stream().filter(PodDoor::isReady).findAny();
  }

  private static boolean isReady(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() == null
        && pod.getStatus() != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(it -> it.getType().equals("Ready") && it.getStatus().equals("True"));
  }

  private static int port(Pod pod) {
    return pod.getSpec().getContainers().stream()
        .flatMap(container -> container.getPorts().stream())
        .filter(port -> PORT_NAME.equals(port.getName()))
        .map(ContainerPort::getContainerPort)
        .findFirst()
        .orElse(USUAL_PORT);
  }

  private void accept() {
    while (listener.isOpen()) {
      @Nullable SocketChannel connection = null;
      try {
        connection = listener.accept();
        forward(connection);
      } catch (IOException | KubernetesClientException e) {
        close(connection);
      }
    }
  }

  private void forward(SocketChannel connection) throws IOException {
    Optional<Pod> pod = pod();
    if (pod.isEmpty()) {
      connection.close();
      return;
    }
    open.removeIf(forward -> !forward.isAlive() && !forward.errorOccurred());
    open.add(
        client
            .pods()
            .inNamespace(namespace)
            .withName(pod.get().getMetadata().getName())
            .portForward(port(pod.get()), connection, connection));
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (PortForward forward : open) {
        forward.close();
      }
    } catch (IOException e) {
      throw new CliException("the way to the server does not close: " + e.getMessage(), e);
    }
  }

  private static void close(@Nullable SocketChannel connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (IOException e) {
        // Whoever is at its other end sees the same.
      }
    }
  }
}
