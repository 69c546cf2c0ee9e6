package dev.rouse.controller;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/**
 * The probes: {@code /healthz} answers 200 while the process lives, {@code /readyz} 200 once every
 * watch is up and 503 before. Whether the API server answers is no matter of either: restarting the
 * operator would not bring it back.
 */
public final class HealthServer implements AutoCloseable {

  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;

  private final HttpServer server;

  private HealthServer(HttpServer server) {
    this.server = server;
  }

  /**
   * Starts it.
   *
   * @param listen {@code host:port}; port 0 takes a free one
   * @param ready whether every watch is up
   */
  public static HealthServer start(String listen, BooleanSupplier ready) throws IOException {
    int colon = listen.lastIndexOf(':');
    if (colon < 0 || !listen.substring(colon + 1).matches("[0-9]{1,5}")) {
      throw new IOException(
          "ROUSE_HEALTH_LISTEN is %s: set it to host:port, such as 0.0.0.0:8080".formatted(listen));
    }
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(
                listen.substring(0, colon), Integer.parseInt(listen.substring(colon + 1))),
            0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/healthz", exchange -> answer(exchange, OK));
    server.createContext(
        "/readyz", exchange -> answer(exchange, ready.getAsBoolean() ? OK : UNAVAILABLE));
    server.start();
    return new HealthServer(server);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, -1);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
