package dev.rouse.devcluster.node.kubelet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.rouse.devcluster.node.pod.PodDirectory;
import dev.rouse.devcluster.node.process.AttemptDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.security.auth.x500.X500Principal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of the kubelet's HTTPS endpoint that makes {@code kubectl logs} work, and a list of
 * processes. All but {@code /healthz} asks for a client certificate of the cluster's CA that
 * carries the organisation {@code system:masters}, as the API server's own does.
 */
public final class KubeletServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KubeletServer.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ADMINS = "O=system:masters";
  private static final int BACKLOG = 64;

  private final HttpsServer server;
  private final ExecutorService executor;
  private final NodeView node;
  private final Clock clock;

  /** A server that is bound, so that its port is known, and answers once started. */
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
    SSLContext tls = KubeletTls.context(certificate, key, clientCa);
    server = HttpsServer.create(listen, BACKLOG);
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters wanted = tls.getDefaultSSLParameters();
            wanted.setWantClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    executor = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(executor);
    server.createContext("/", this::handle);
  }

  public void start() {
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (path.equals("/healthz")) {
        answer(exchange, 200, "text/plain", "ok");
      } else if (!allowed(exchange)) {
        answer(exchange, 401, "text/plain", "a client certificate with " + ADMINS + " is needed\n");
      } else {
        route(exchange, path.split("/", -1));
      }
    } catch (IllegalArgumentException e) {
      answer(exchange, 400, "text/plain", e.getMessage() + "\n");
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("a reader went away");
    }
  }

  private void route(HttpExchange exchange, String[] path) throws IOException {
    switch (path[1]) {
      case "containerLogs" -> {
        if (path.length == 5) {
          logs(exchange, path[2], path[3], path[4]);
        } else {
          answer(exchange, 404, "text/plain", "use /containerLogs/NAMESPACE/POD/CONTAINER\n");
        }
      }
      case "pods" -> answer(exchange, 200, "application/json", podsJson());
      case "exec", "attach", "portForward", "run" ->
          answer(
              exchange,
              501,
              "text/plain",
              "the dev node has no %s: its pods are processes of this machine, see GET /pods for their pids\n"
                  .formatted(path[1]));
      default -> answer(exchange, 404, "text/plain", "not found\n");
    }
  }

  private void logs(HttpExchange exchange, String namespace, String pod, String container)
      throws IOException {
    LogOptions options = LogOptions.parse(query(exchange), clock.instant());
    Optional<PodDirectory> directory = node.directory(namespace, pod);
    if (directory.isEmpty()) {
      answer(exchange, 404, "text/plain", "pod \"%s\" does not exist here\n".formatted(pod));
      return;
    }
    int attempt = directory.get().lastAttempt(container) - (options.previous() ? 1 : 0);
    AttemptDirectory files = directory.get().attempt(container, Math.max(attempt, 0));
    if (attempt < 0 || !Files.exists(files.log())) {
      String which = options.previous() ? "previous terminated container" : "container";
      answer(
          exchange,
          400,
          "text/plain",
          "%s \"%s\" in pod \"%s\" not found or waiting to start\n"
              .formatted(which, container, pod));
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", "text/plain");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      // So that a follower of a silent container gets his answer's head.
      out.flush();
      new LogReader(files, options, out).copy();
    }
  }

  private String podsJson() throws JsonProcessingException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(Map.of("pods", node.pods()));
  }

  private static boolean allowed(HttpExchange exchange) {
    try {
      X500Principal client =
          (X500Principal) ((HttpsExchange) exchange).getSSLSession().getPeerPrincipal();
      List<String> names = Arrays.asList(client.getName(X500Principal.RFC2253).split("[,+]", -1));
      return names.contains(ADMINS);
    } catch (SSLPeerUnverifiedException e) {
      return false;
    }
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> values = new HashMap<>();
    String query = exchange.getRequestURI().getRawQuery();
    if (query != null) {
      for (String part : query.split("&", -1)) {
        int equals = part.indexOf('=');
        if (equals > 0) {
          values.put(part.substring(0, equals), decode(part.substring(equals + 1)));
        }
      }
    }
    return values;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }
}
