package dev.rouse.api.probe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What a program tells about itself, on a port of its own and without asking who asks: {@code
 * /healthz} answers 200 while the process lives, {@code /readyz} 200 once it can do its work and
 * 503 before, {@code /metrics}, where it is served, Prometheus' text format. Whether the API server
 * answers is no matter of any of them: restarting the program would not bring it back.
 */
public final class ProbeServer implements AutoCloseable {

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int METHOD = 405;
  private static final int UNAVAILABLE = 503;
  private static final String TEXT = "text/plain; charset=utf-8";

  /** Of Prometheus' text format. */
  private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** What is asked for, answered now. */
  private record Answer(int status, String contentType, String body) {}

  private ProbeServer(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
  }

  /**
   * Serves the two probes.
   *
   * @param setting the name of the setting that {@code listen} comes from
   * @param listen {@code host:port}; port 0 takes a free one
   * @param ready whether it can do its work
   * @throws IOException when the address cannot be listened on; the message names the setting
   */
  public static ProbeServer start(String setting, String listen, BooleanSupplier ready)
      throws IOException {
    ProbeServer probes = new ProbeServer(bind(setting, listen));
    probes.serve("/healthz", () -> new Answer(OK, TEXT, "ok\n"));
    probes.serve(
        "/readyz",
        () ->
            ready.getAsBoolean()
                ? new Answer(OK, TEXT, "ok\n")
                : new Answer(UNAVAILABLE, TEXT, "not ready\n"));
    probes.server.start();
    return probes;
  }

  /**
   * Serves metrics, and the two probes beside them.
   *
   * @param metrics all of them, in Prometheus' text format; asked for at each request
   */
  public static ProbeServer start(
      String setting, String listen, BooleanSupplier ready, Supplier<String> metrics)
      throws IOException {
    ProbeServer probes = start(setting, listen, ready);
    probes.serve("/metrics", () -> new Answer(OK, METRICS, metrics.get()));
    return probes;
  }

  /** The port that is listened on. */
  public int port() {
    return server.getAddress().getPort();
  }

  private static HttpServer bind(String setting, String listen) throws IOException {
    int colon = listen.lastIndexOf(':');
    if (colon <= 0 || !listen.substring(colon + 1).matches("[0-9]{1,5}")) {
      throw new IOException(
          "%s is %s: set it to host:port, such as 0.0.0.0:8080".formatted(setting, listen));
    }
    try {
      return HttpServer.create(
          new InetSocketAddress(
              listen.substring(0, colon), Integer.parseInt(listen.substring(colon + 1))),
          0);
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(
          "%s is %s, which cannot be listened on: %s".formatted(setting, listen, e.getMessage()),
          e);
    }
  }

  private void serve(String path, Supplier<Answer> answer) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            if (!exchange.getRequestURI().getPath().equals(path)) {
              send(exchange, new Answer(NOT_FOUND, TEXT, "there is nothing here\n"));
            } else if (!exchange.getRequestMethod().matches("GET|HEAD")) {
              exchange.getResponseHeaders().set("allow", "GET, HEAD");
              send(exchange, new Answer(METHOD, TEXT, "only GET and HEAD\n"));
            } else {
              send(exchange, answer.get());
            }
          }
        });
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("content-type", answer.contentType());
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(answer.status(), -1);
      return;
    }
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
