package dev.rouse.devcluster.node.probe;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Asks a container once how it is. */
public final class Prober {

  private static final int HTTP_OK_FROM = 200;
  private static final int HTTP_OK_BELOW = 400;

  private final HttpClient http;

  /**
   * A prober.
   *
   * @param http a client that checks no certificate: like the kubelet's, a probe asks only whether
   *     the container answers
   */
  public Prober(HttpClient http) {
    this.http = http;
  }

  /** Carries a probe out, within its own timeout. */
  public ProbeResult probe(
      Probe probe, Container container, String podIp, ContainerCommands commands) {
    Duration timeout = Duration.ofSeconds(Optional.ofNullable(probe.getTimeoutSeconds()).orElse(1));
    if (probe.getExec() != null) {
      return commands.run(probe.getExec().getCommand(), timeout);
    }
    if (probe.getHttpGet() != null) {
      return httpGet(probe.getHttpGet(), container, podIp, timeout);
    }
    if (probe.getTcpSocket() != null) {
      String host = Optional.ofNullable(probe.getTcpSocket().getHost()).orElse(podIp);
      return tcp(host, port(probe.getTcpSocket().getPort(), container), timeout);
    }
    return new ProbeResult.Failure("a probe of a kind the dev node does not know");
  }

  private ProbeResult httpGet(
      HTTPGetAction action, Container container, String podIp, Duration timeout) {
    String scheme = Optional.ofNullable(action.getScheme()).orElse("HTTP").toLowerCase(Locale.ROOT);
    String host = Optional.ofNullable(action.getHost()).orElse(podIp);
    String path = Optional.ofNullable(action.getPath()).orElse("/");
    int port = port(action.getPort(), container);
    String slash = path.startsWith("/") ? "" : "/";
    URI uri = URI.create("%s://%s:%d%s%s".formatted(scheme, host, port, slash, path));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).timeout(timeout).header("User-Agent", "rouse-dev-node-probe");
    action.getHttpHeaders().stream()
        .filter(header -> !header.getName().equalsIgnoreCase("Host"))
        .forEach(header -> request.header(header.getName(), header.getValue()));
    try {
      int status = http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
      return status >= HTTP_OK_FROM && status < HTTP_OK_BELOW
          ? new ProbeResult.Success()
          : new ProbeResult.Failure("HTTP probe failed with statuscode: " + status);
    } catch (IOException e) {
      return new ProbeResult.Failure("Get \"%s\": %s".formatted(uri, e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new ProbeResult.Failure("interrupted");
    }
  }

  private static ProbeResult tcp(String host, int port, Duration timeout) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), Math.toIntExact(timeout.toMillis()));
      return new ProbeResult.Success();
    } catch (IOException e) {
      return new ProbeResult.Failure("dial tcp %s:%d: %s".formatted(host, port, e.getMessage()));
    }
  }

  private static int port(IntOrString port, Container container) {
    if (port.getIntVal() != null) {
      return port.getIntVal();
    }
    return container.getPorts().stream()
        .filter(candidate -> port.getStrVal().equals(candidate.getName()))
        .map(ContainerPort::getContainerPort)
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "container \"%s\" has no port \"%s\""
                    .formatted(container.getName(), port.getStrVal())));
  }
}
