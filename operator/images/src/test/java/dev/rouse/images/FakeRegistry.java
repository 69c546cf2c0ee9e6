package dev.rouse.images;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * As much of a registry as takes an image: blobs and manifests, kept by path. Without TLS: who
 * speaks that to it is cut off at once, as from any other.
 */
final class FakeRegistry implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final Map<String, Buffer> kept = new ConcurrentHashMap<>();
  private final AtomicInteger uploads = new AtomicInteger();

  FakeRegistry() {
    server =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.body().onSuccess(body -> answer(request, body)))
            .listen(0, "localhost")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  /** As an image's name begins. */
  String host() {
    return "localhost:" + server.actualPort();
  }

  /** What was put, by path without {@code /v2/}. */
  Map<String, Buffer> kept() {
    return kept;
  }

  private void answer(HttpServerRequest request, Buffer body) {
    String path = request.path().replaceFirst("^/v2/", "");
    switch (request.method().name()) {
      case "HEAD", "GET" ->
          request
              .response()
              .setStatusCode(path.isEmpty() || kept.containsKey(path) ? 200 : 404)
              .end();
      case "POST" -> accept(request, path + uploads.incrementAndGet(), 202);
      case "PATCH" -> {
        kept.put(path, body);
        accept(request, path, 202);
      }
      default -> {
        // The digest comes with the last request of a blob's upload, whose content came before.
        String digest = request.getParam("digest");
        if (digest == null) {
          kept.put(path, body);
        } else {
          kept.put(path.replaceFirst("/uploads/.*", "/" + digest), kept.remove(path));
        }
        accept(request, path, 201);
      }
    }
  }

  private static void accept(HttpServerRequest request, String location, int status) {
    request.response().putHeader("Location", "/v2/" + location).setStatusCode(status).end();
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
