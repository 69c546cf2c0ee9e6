package dev.rouse.devcluster.node.kubelet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rouse.devcluster.node.kubelet.NodeView.PodView;
import dev.rouse.devcluster.node.pod.PodDirectory;
import dev.rouse.devcluster.node.process.AttemptDirectory;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.security.auth.x500.X500Principal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of the kubelet's HTTPS endpoint that makes {@code kubectl logs} and port-forwards over
 * WebSockets work, and a list of processes. All but {@code /healthz} asks for a client certificate
 * of the cluster's CA that carries the organisation {@code system:masters}, as the API server's own
 * does.
 */
public final class KubeletServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KubeletServer.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ADMINS = "O=system:masters";
  private static final int LISTEN_SECONDS = 30;
  private static final int CONNECT_MILLIS = 5000;
  private static final int MAX_MESSAGE = 1024 * 1024;

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final NetClient net;
  private final ExecutorService executor;
  private final NodeView node;
  private final Clock clock;

  /** A server that listens. */
  public KubeletServer(
      InetSocketAddress listen,
      Path certificate,
      Path key,
      Path clientCa,
      NodeView node,
      Clock clock)
      throws IOException {
    this.node = node;
    this.clock = clock;
    executor = Executors.newVirtualThreadPerTaskExecutor();
    net = vertx.createNetClient(new NetClientOptions().setConnectTimeout(CONNECT_MILLIS));
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(listen.getHostString())
            .setPort(listen.getPort())
            .setSsl(true)
            .setUseAlpn(false)
            .setKeyCertOptions(KubeletTls.own(certificate, key))
            .setTrustOptions(KubeletTls.clients(clientCa))
            .setClientAuth(ClientAuth.REQUEST)
            .setMaxWebSocketMessageSize(MAX_MESSAGE)
            .addWebSocketSubProtocol(PortForward.PROTOCOL);
    server = vertx.createHttpServer(options).requestHandler(this::accept);
    try {
      server
          .listen()
          .toCompletionStage()
          .toCompletableFuture()
          .get(LISTEN_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      close();
      throw new IOException("cannot listen on " + listen + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw new IOException("stopped while starting to listen on " + listen, e);
    }
  }

  public int port() {
    return server.actualPort();
  }

  @Override
  public void close() {
    executor.shutdownNow();
    vertx.close();
  }

  /** On the event loop: what blocks goes to a thread of its own. */
  private void accept(HttpServerRequest request) {
    String asked = Objects.requireNonNullElse(request.path(), "/");
    String[] path = asked.split("/", -1);
    if (asked.equals("/healthz")) {
      answer(request, 200, "ok");
    } else if (!allowed(request)) {
      answer(request, 401, "a client certificate with " + ADMINS + " is needed\n");
    } else if (path[1].equals("portForward")) {
      forward(request, path);
    } else {
      Future<?> answering = executor.submit(() -> handle(request, path));
      request.response().closeHandler(_ -> answering.cancel(true));
    }
  }

  private void handle(HttpServerRequest request, String[] path) {
    try {
      route(request, path);
    } catch (IllegalArgumentException e) {
      answer(request, 400, e.getMessage() + "\n");
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("a reader went away");
      request.connection().close();
    }
  }

  private void route(HttpServerRequest request, String[] path) throws IOException {
    switch (path[1]) {
      case "containerLogs" -> {
        if (path.length == 5) {
          logs(request, path[2], path[3], path[4]);
        } else {
          answer(request, 404, "use /containerLogs/NAMESPACE/POD/CONTAINER\n");
        }
      }
      case "pods" -> {
        request.response().putHeader("content-type", "application/json");
        request.response().end(podsJson());
      }
      case "exec", "attach", "run" ->
          answer(
              request,
              501,
              "the dev node has no %s: its pods are processes of this machine, see GET /pods for their pids\n"
                  .formatted(path[1]));
      default -> answer(request, 404, "not found\n");
    }
  }

  private void logs(HttpServerRequest request, String namespace, String pod, String container)
      throws IOException {
    LogOptions options = LogOptions.parse(query(request), clock.instant());
    Optional<PodDirectory> directory = node.directory(namespace, pod);
    if (directory.isEmpty()) {
      answer(request, 404, "pod \"%s\" does not exist here\n".formatted(pod));
      return;
    }
    int attempt = directory.get().lastAttempt(container) - (options.previous() ? 1 : 0);
    AttemptDirectory files = directory.get().attempt(container, Math.max(attempt, 0));
    if (attempt < 0 || !Files.exists(files.log())) {
      String which = options.previous() ? "previous terminated container" : "container";
      answer(
          request,
          400,
          "%s \"%s\" in pod \"%s\" not found or waiting to start\n"
              .formatted(which, container, pod));
      return;
    }
    HttpServerResponse response = request.response();
    response.setChunked(true).putHeader("content-type", "text/plain");
    // So that a follower of a silent container gets his answer's head.
    response.writeHead();
    try (OutputStream out = new ResponseOutput(response)) {
      new LogReader(files, options, out).copy();
    }
  }

  private void forward(HttpServerRequest request, String[] path) {
    List<String> ports = request.params().getAll("port");
    boolean isOurs =
        "websocket".equalsIgnoreCase(request.getHeader("upgrade"))
            && String.valueOf(request.getHeader("sec-websocket-protocol"))
                .contains(PortForward.PROTOCOL);
    Optional<PodView> pod =
        path.length < 4
            ? Optional.empty()
            : node.pods().stream()
                .filter(it -> it.namespace().equals(path[2]) && it.pod().equals(path[3]))
                .filter(it -> !it.ip().isEmpty())
                .findFirst();
    if (pod.isEmpty()) {
      answer(request, 404, "there is no such pod here, or it has no address yet\n");
    } else if (!isOurs) {
      answer(
          request,
          501,
          "the dev node forwards ports over WebSockets of protocol %s only, which kubectl does not speak to nodes; the pod is on this machine, at %s\n"
              .formatted(PortForward.PROTOCOL, pod.get().ip()));
    } else if (ports.size() != 1 || !ports.getFirst().matches("[1-9][0-9]{0,4}")) {
      answer(request, 400, "name one port\n");
    } else {
      SocketAddress target =
          SocketAddress.inetSocketAddress(Integer.parseInt(ports.getFirst()), pod.get().ip());
      request
          .toWebSocket()
          .onSuccess(client -> PortForward.start(client, net, target))
          .onFailure(e -> LOG.atDebug().setCause(e).log("a client went away"));
    }
  }

  private String podsJson() throws JsonProcessingException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(Map.of("pods", node.pods()));
  }

  private static boolean allowed(HttpServerRequest request) {
    try {
      X500Principal client = (X500Principal) request.sslSession().getPeerPrincipal();
      List<String> names = Arrays.asList(client.getName(X500Principal.RFC2253).split("[,+]", -1));
      return names.contains(ADMINS);
    } catch (SSLPeerUnverifiedException e) {
      return false;
    }
  }

  private static Map<String, String> query(HttpServerRequest request) {
    Map<String, String> values = new HashMap<>();
    request.params().forEach(values::put);
    return values;
  }

  private static void answer(HttpServerRequest request, int status, String text) {
    request.response().setStatusCode(status).putHeader("content-type", "text/plain").end(text);
  }
}
