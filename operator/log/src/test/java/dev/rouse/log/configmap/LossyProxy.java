package dev.rouse.log.configmap;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands before a real API server and loses a write, or the answer to one. */
final class LossyProxy implements AutoCloseable {

  enum Loss {
    REQUEST,
    ANSWER
  }

  private final HttpServer server;
  private final HttpClient upstream;
  private final String base;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private int writes;
  private int loseAt = -1;
  private Loss loss = Loss.REQUEST;
  private int lost;

  LossyProxy(Config config) throws IOException, GeneralSecurityException {
    base = config.getMasterUrl().replaceAll("/$", "");
    upstream = HttpClient.newBuilder().sslContext(SSLUtils.sslContext(config)).build();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** A client that goes through this proxy, with the retries that clients have by default. */
  KubernetesClient client() {
    return new KubernetesClientBuilder()
        .withConfig(
            new io.fabric8.kubernetes.client.ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort() + "/")
                .build())
        .build();
  }

  /** Loses the {@code nth} write from now on, counted from 1. */
  synchronized void lose(int nth, Loss what) {
    loseAt = writes + nth;
    loss = what;
    lost = 0;
  }

  /** How many writes were lost since it was last asked to. */
  synchronized int lost() {
    return lost;
  }

  private synchronized boolean strikes(HttpExchange exchange, Loss moment) {
    boolean strikes =
        !"GET".equals(exchange.getRequestMethod()) && writes == loseAt && loss == moment;
    if (strikes) {
      lost++;
    }
    return strikes;
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    synchronized (this) {
      if (!"GET".equals(exchange.getRequestMethod())) {
        writes++;
      }
    }
    if (strikes(exchange, Loss.REQUEST)) {
      exchange.close();
      return;
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + exchange.getRequestURI()))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
    copy(exchange, request, "Accept");
    copy(exchange, request, "Content-Type");
    try {
      HttpResponse<byte[]> answer =
          upstream.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      if (strikes(exchange, Loss.ANSWER)) {
        exchange.close();
        return;
      }
      answer
          .headers()
          .firstValue("Content-Type")
          .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
      exchange.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void copy(HttpExchange exchange, HttpRequest.Builder request, String header) {
    String value = exchange.getRequestHeaders().getFirst(header);
    if (value != null) {
      request.header(header, value);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
