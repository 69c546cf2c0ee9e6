package dev.rouse.harness.fake;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** A provider over real HTTP that does, request by request, what it is told. */
public final class ModelHttp implements AutoCloseable {

  /** Paths, bodies and headers of the requests that came. */
  public final List<String> paths = new CopyOnWriteArrayList<>();

  public final List<String> bodies = new CopyOnWriteArrayList<>();

  public final List<Map<String, List<String>>> headers = new CopyOnWriteArrayList<>();
  public final CountDownLatch hangs = new CountDownLatch(1);

  private final HttpServer server;
  private final ConcurrentLinkedDeque<Reply> replies = new ConcurrentLinkedDeque<>();

  /** What to do with one request. */
  @FunctionalInterface
  public interface Reply {
    void to(HttpExchange exchange) throws IOException, InterruptedException;
  }

  public ModelHttp() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The next requests get these replies; the last one stays. */
  public void replies(Reply... next) {
    replies.addAll(List.of(next));
  }

  private void handle(HttpExchange exchange) throws IOException {
    paths.add(exchange.getRequestURI().getPath());
    bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    headers.add(Map.copyOf(exchange.getRequestHeaders()));
    Reply reply = replies.size() > 1 ? replies.poll() : replies.peek();
    try (exchange) {
      reply.to(exchange);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends a whole stream. */
  public static Reply stream(String... events) {
    return exchange -> {
      exchange.getResponseHeaders().add("content-type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      send(exchange.getResponseBody(), events);
    };
  }

  /** Sends the beginning of a stream and cuts the connection. */
  public static Reply cut(String... events) {
    return exchange -> {
      // Announces more than it sends, so that the end is no regular end.
      exchange.sendResponseHeaders(200, 1_000_000);
      send(exchange.getResponseBody(), events);
      exchange.getResponseBody().flush();
    };
  }

  /** Sends the beginning of a stream and nothing more, without closing it. */
  public Reply hang(String... events) {
    return exchange -> {
      exchange.sendResponseHeaders(200, 0);
      send(exchange.getResponseBody(), events);
      hangs.await();
    };
  }

  /** Accepts the request and never answers. */
  public Reply silence() {
    return _ -> hangs.await();
  }

  public static Reply error(int status, String type, String message, String... header) {
    String body =
        "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"%s\"}}"
            .formatted(type, message);
    return errorBody(status, body, header);
  }

  /** An answer that is no stream. */
  public static Reply errorBody(int status, String body, String... header) {
    return exchange -> {
      for (int i = 0; i < header.length; i += 2) {
        exchange.getResponseHeaders().add(header[i], header[i + 1]);
      }
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  private static void send(OutputStream out, String... events) throws IOException {
    for (String event : events) {
      out.write(("data: " + event + "\n\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }

  @Override
  public void close() {
    hangs.countDown();
    server.stop(0);
  }
}
