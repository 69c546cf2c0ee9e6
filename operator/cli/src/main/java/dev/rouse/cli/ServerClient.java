package dev.rouse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.session.EventCodec;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The public HTTP API, as far as the command line needs it. */
final class ServerClient implements AutoCloseable {

  private static final int TRIES = 5;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(300);

  private final URI base;
  private final Supplier<String> token;
  private final String workspace;
  private final @Nullable PodDoor door;
  private final HttpClient http;

  /**
   * @param token gives a Kubernetes token or an API key that is valid now
   * @param workspace the namespace that all calls are about
   * @param door the way to {@code base}, closed with this; null where none is needed
   */
  ServerClient(
      URI base,
      SSLContext trust,
      Supplier<String> token,
      String workspace,
      @Nullable PodDoor door) {
    this.base = base;
    this.token = token;
    this.workspace = workspace;
    this.door = door;
    this.http =
        HttpClient.newBuilder()
            .sslContext(trust)
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
  }

  /** Every event of the session so far, oldest first; queued ones last. */
  List<JsonNode> events(String sessionId, boolean internal) {
    List<JsonNode> events = new ArrayList<>();
    @Nullable String page = null;
    do {
      String query =
          "?limit=1000"
              + (internal ? "&include_internal=true" : "")
              + (page == null ? "" : "&page=" + URLEncoder.encode(page, StandardCharsets.UTF_8));
      JsonNode answer = get("/v1/sessions/" + sessionId + "/events" + query);
      answer.path("data").forEach(events::add);
      page = answer.path("next_page").textValue();
    } while (page != null);
    return events;
  }

  /** The file of a session, as the server writes it; the caller closes it. */
  InputStream export(String sessionId) {
    HttpRequest request = request("/rouse/v1/sessions/" + sessionId + "/log").build();
    try {
      HttpResponse<InputStream> answer = send(request, HttpResponse.BodyHandlers.ofInputStream());
      if (answer.statusCode() != 200) {
        try (InputStream body = answer.body()) {
          throw refusal(answer, new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
      }
      return answer.body();
    } catch (IOException e) {
      throw new ServerUnreachable(base, problem().orElse(message(e)), e);
    }
  }

  /**
   * A call of the server's own API that may be done again, and is, for some seconds, where that may
   * help.
   *
   * @param key by which it is recognised when it comes again; null where that needs no key
   */
  JsonNode copy(String path, byte[] body, @Nullable String key) throws InterruptedException {
    HttpRequest.Builder plain =
        request("/rouse/v1/sessions" + path)
            .header("content-type", "application/json")
            .timeout(Duration.ofMinutes(10))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    HttpRequest request = (key == null ? plain : plain.header("idempotency-key", key)).build();
    return again(() -> answer(request));
  }

  /** Whether nothing is under way or queued in the session, asked now. */
  boolean isIdle(String sessionId) {
    return get("/v1/sessions/" + sessionId).path("status").asText().equals("idle");
  }

  /**
   * Calls {@code opened} once the server follows the session, then {@code events} for each event,
   * until the server ends the stream or the calling thread is interrupted.
   *
   * @throws IOException when the connection breaks
   */
  void stream(String sessionId, boolean internal, Runnable opened, Consumer<JsonNode> events)
      throws IOException {
    String query = internal ? "?include_internal=true" : "";
    HttpRequest request =
        request("/v1/sessions/" + sessionId + "/events/stream" + query)
            .header("accept", "text/event-stream")
            .build();
    HttpResponse<Stream<String>> answer = send(request, HttpResponse.BodyHandlers.ofLines());
    try (Stream<String> lines = answer.body()) {
      if (answer.statusCode() != 200) {
        throw refusal(answer, String.join("\n", lines.toList()));
      }
      opened.run();
      for (Iterator<String> line = lines.iterator(); line.hasNext(); ) {
        String text = line.next();
        if (text.startsWith("data:")) {
          events.accept(EventCodec.JSON.readTree(text.substring(5)));
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Sends events; gives them as they were taken. Tries again for some seconds where that is safe
   * and may help: the server does the same request only once.
   *
   * @param key tells this request from every other, and its repetitions from new ones
   */
  List<JsonNode> send(String sessionId, List<ObjectNode> events, String key)
      throws InterruptedException {
    ObjectNode body = EventCodec.JSON.createObjectNode();
    body.putArray("events").addAll(events);
    HttpRequest request =
        request("/v1/sessions/" + sessionId + "/events")
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .timeout(Duration.ofSeconds(60))
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    List<JsonNode> taken = new ArrayList<>();
    again(() -> answer(request)).path("data").forEach(taken::add);
    return taken;
  }

  private static JsonNode again(Supplier<JsonNode> call) throws InterruptedException {
    Duration pause = FIRST_PAUSE;
    for (int attempt = 1; ; attempt++) {
      try {
        return call.get();
      } catch (ServerUnreachable | ServerBusy e) {
        if (attempt == TRIES) {
          throw e;
        }
        // Nobody tells when a server is back: asking again after a while is the only way to know.
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        pause = pause.multipliedBy(2);
      }
    }
  }

  private JsonNode get(String path) {
    return answer(request(path).timeout(Duration.ofSeconds(60)).build());
  }

  private JsonNode answer(HttpRequest request) {
    try {
      HttpResponse<String> answer = send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw refusal(answer, answer.body());
      }
      return EventCodec.JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new ServerUnreachable(base, problem().orElse(message(e)), e);
    }
  }

  private static String message(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private Optional<String> problem() {
    try {
      return door == null ? Optional.empty() : door.problem();
    } catch (KubernetesClientException e) {
      return Optional.of("the cluster does not answer: " + e.getMessage());
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path))
        .header("authorization", "Bearer " + token.get())
        .header("anthropic-workspace-id", workspace);
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException {
    try {
      return http.send(request, handler);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private static RuntimeException refusal(HttpResponse<?> answer, String body) {
    int status = answer.statusCode();
    String message = body;
    try {
      message = EventCodec.JSON.readTree(body).path("error").path("message").asText(body);
    } catch (IOException e) {
      // Not JSON, so not from our server: show what came.
    }
    String sentence = "the server answered " + status + ": " + message;
    boolean retry =
        answer
            .headers()
            .firstValue("x-should-retry")
            .map(Boolean::parseBoolean)
            .orElse(status == 408 || status == 409 || status == 429 || status >= 500);
    if (retry) {
      return new ServerBusy(sentence);
    }
    return status == 409 ? new Conflict(sentence) : new CliException(sentence);
  }

  @Override
  public void close() {
    http.shutdownNow();
    if (door != null) {
      door.close();
    }
  }

  /** No answer at all; worth another try. */
  static final class ServerUnreachable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ServerUnreachable(URI base, String why, IOException cause) {
      super("cannot reach the server at " + base + ": " + why, cause);
    }
  }

  /** Something else stands against it, and asking again is no use. */
  static final class Conflict extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Conflict(String message) {
      super(message);
    }
  }

  /** An answer that asks for patience; worth another try. */
  static final class ServerBusy extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ServerBusy(String message) {
      super(message);
    }
  }
}
