package dev.rouse.log.configmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lists and watches ConfigMaps by their metadata alone: contents never leave the API server. The
 * client has no type for this, so the requests are made by hand on its HTTP client.
 */
final class MetadataApi {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LIST =
      "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
  private static final String WATCH =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
  private static final int PAGE = 500;
  private static final int LIST_SECONDS = 60;

  /** The API server ends a watch after this; a connection that died silently ends a bit later. */
  private static final int WATCH_SECONDS = 240;

  /** The objects that a list found. */
  record Listing(List<JsonNode> items, String resourceVersion) {}

  /** The resource version to go on from is too old: list again. */
  static final class Expired extends Exception {
    private static final long serialVersionUID = 1;

    Expired(String message) {
      super(message);
    }
  }

  private final KubernetesClient client;

  MetadataApi(KubernetesClient client) {
    this.client = client;
  }

  /** The metadata of all ConfigMaps that match. @param namespace null for all namespaces */
  Listing list(@Nullable String namespace, String selector)
      throws IOException, InterruptedException {
    List<JsonNode> items = new ArrayList<>();
    String next = "";
    String version;
    do {
      String query = "limit=" + PAGE + (next.isEmpty() ? "" : "&continue=" + encode(next));
      JsonNode page = get(uri(namespace, selector, query));
      page.path("items").forEach(item -> items.add(item.path("metadata")));
      next = page.path("metadata").path("continue").asText("");
      version = page.path("metadata").path("resourceVersion").asText("");
    } while (!next.isEmpty());
    return new Listing(items, version);
  }

  private JsonNode get(URI uri) throws IOException, InterruptedException {
    HttpClient http = client.getHttpClient();
    HttpRequest request = http.newHttpRequestBuilder().uri(uri).header("Accept", LIST).build();
    HttpResponse<byte[]> response = await(http.sendAsync(request, byte[].class), LIST_SECONDS);
    if (!response.isSuccessful()) {
      throw new IOException("listing ConfigMaps was answered with status " + response.code());
    }
    return JSON.readTree(response.body());
  }

  /**
   * Watches until the API server or the network ends it.
   *
   * @param resourceVersion to go on from
   * @param event takes each event: {@code type} and {@code object.metadata}
   */
  void watch(
      @Nullable String namespace, String selector, String resourceVersion, Consumer<JsonNode> event)
      throws IOException, InterruptedException, Expired {
    HttpClient http = client.getHttpClient();
    String query =
        "watch=true&allowWatchBookmarks=true&timeoutSeconds="
            + WATCH_SECONDS
            + "&resourceVersion="
            + encode(resourceVersion);
    HttpRequest request =
        http.newHttpRequestBuilder()
            .uri(uri(namespace, selector, query))
            .header("Accept", WATCH)
            .forStreaming()
            .build();
    Lines lines = new Lines(event);
    HttpResponse<io.fabric8.kubernetes.client.http.AsyncBody> response =
        await(
            http.consumeBytes(
                request,
                (buffers, body) -> {
                  lines.accept(buffers);
                  body.consume();
                }),
            LIST_SECONDS);
    try {
      if (response.code() == 410) {
        throw new Expired("the watch's resource version is gone");
      }
      if (!response.isSuccessful()) {
        throw new IOException("watching ConfigMaps was answered with status " + response.code());
      }
      response.body().consume();
      await(response.body().done(), WATCH_SECONDS + LIST_SECONDS);
    } finally {
      response.body().cancel();
    }
    lines.throwIfFailed();
  }

  private URI uri(@Nullable String namespace, String selector, String query) {
    String base = client.getMasterUrl().toString();
    return URI.create(
        (base.endsWith("/") ? base : base + "/")
            + "api/v1/"
            + (namespace == null ? "" : "namespaces/" + encode(namespace) + "/")
            + "configmaps?labelSelector="
            + encode(selector)
            + "&"
            + query);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static <T> T await(CompletableFuture<T> future, int seconds)
      throws IOException, InterruptedException {
    try {
      return future.get(seconds, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (TimeoutException e) {
      future.cancel(true);
      throw new IOException("no answer for " + seconds + " s", e);
    }
  }

  /** Cuts a stream of bytes into JSON lines. */
  private static final class Lines {
    private final Consumer<JsonNode> event;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private volatile @Nullable String expired;

    Lines(Consumer<JsonNode> event) {
      this.event = event;
    }

    void accept(List<ByteBuffer> buffers) throws IOException {
      for (ByteBuffer buffer : buffers) {
        while (buffer.hasRemaining()) {
          byte next = buffer.get();
          if (next == '\n') {
            line(JSON.readTree(line.toByteArray()));
            line.reset();
          } else {
            line.write(next);
          }
        }
      }
    }

    private void line(JsonNode json) {
      if ("ERROR".equals(json.path("type").asText())) {
        expired = json.path("object").path("message").asText("the watch failed");
      } else {
        event.accept(json);
      }
    }

    /** Whatever error the API server puts into a watch, listing again heals it. */
    void throwIfFailed() throws Expired {
      String message = expired;
      if (message != null) {
        throw new Expired(message);
      }
    }
  }
}
