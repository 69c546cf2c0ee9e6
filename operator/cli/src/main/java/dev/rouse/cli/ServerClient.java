package dev.rouse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.session.EventCodec;
import java.io.IOException;
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
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The public HTTP API, as far as the command line needs it. */
final class ServerClient implements AutoCloseable {

  private final URI base;
  private final String token;
  private final HttpClient http;

  ServerClient(URI base, SSLContext trust, String token) {
    this.base = base;
    this.token = token;
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
        throw refusal(answer.statusCode(), String.join("\n", lines.toList()));
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

  private JsonNode get(String path) {
    try {
      HttpResponse<String> answer =
          send(
              request(path).timeout(Duration.ofSeconds(60)).build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw refusal(answer.statusCode(), answer.body());
      }
      return EventCodec.JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new ServerUnreachable(base, e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).header("authorization", "Bearer " + token);
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

  private static RuntimeException refusal(int status, String body) {
    String message = body;
    try {
      message = EventCodec.JSON.readTree(body).path("error").path("message").asText(body);
    } catch (IOException e) {
      // Not JSON, so not from our server: show what came.
    }
    String sentence = "the server answered " + status + ": " + message;
    boolean retry = status == 408 || status == 429 || status >= 500;
    return retry ? new ServerBusy(sentence) : new CliException(sentence);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  /** No answer at all; worth another try. */
  static final class ServerUnreachable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ServerUnreachable(URI base, IOException cause) {
      super("cannot reach the server at " + base + ": " + cause.getMessage(), cause);
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
