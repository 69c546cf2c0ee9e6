package dev.rouse.harness.model.anthropic;

import dev.rouse.harness.http.HttpBody;
import dev.rouse.harness.http.HttpCalls;
import dev.rouse.harness.http.SseParser;
import dev.rouse.harness.model.ModelAnswer;
import dev.rouse.harness.model.ModelFailure;
import dev.rouse.harness.model.ModelProvider;
import dev.rouse.harness.model.ModelRequest;
import dev.rouse.session.EventCodec;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The Anthropic Messages API, and every server that speaks its protocol. */
public final class AnthropicProvider implements ModelProvider {

  private static final String VERSION = "2023-06-01";
  private static final int LONGEST_ERROR_BODY = 64 * 1024;

  private final HttpCalls http;
  private final Endpoint endpoint;
  private final Patience patience;
  private final Clock clock;

  /**
   * Whom to ask.
   *
   * @param baseUrl without {@code /v1/messages}
   * @param keyFile read for each request; its content appears nowhere else
   */
  public record Endpoint(String baseUrl, Path keyFile) {}

  /**
   * How long to wait for a provider that says nothing.
   *
   * @param head for the head of its answer
   * @param idle for the next bytes of a stream, pings included
   */
  public record Patience(Duration head, Duration idle) {
    public static final Patience STANDARD =
        new Patience(Duration.ofMinutes(5), Duration.ofMinutes(2));
  }

  public AnthropicProvider(HttpCalls http, Endpoint endpoint, Patience patience, Clock clock) {
    this.http = http;
    this.endpoint = endpoint;
    this.patience = patience;
    this.clock = clock;
  }

  @Override
  public ModelAnswer stream(ModelRequest request, Listener listener)
      throws ModelFailure, InterruptedException {
    try (HttpBody body = http.open(post(request))) {
      if (body.status() != 200) {
        Optional<String> retryAfter = body.header("retry-after");
        throw AnthropicErrors.ofStatus(
            body.status(),
            read(body).toString(StandardCharsets.UTF_8),
            request.provider(),
            retryAfter,
            clock);
      }
      return answer(body, listener);
    } catch (InterruptedIOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("the model request was aborted");
      }
      throw AnthropicErrors.ofConnection(request.provider(), e);
    } catch (IOException e) {
      throw AnthropicErrors.ofConnection(request.provider(), e);
    }
  }

  private HttpCalls.Request post(ModelRequest request) throws IOException, ModelFailure {
    String key;
    try {
      key = Files.readString(endpoint.keyFile()).strip();
    } catch (IOException e) {
      throw ModelFailure.terminal(
          "model_request_failed_error",
          "the key of model provider "
              + request.provider()
              + " cannot be read: check the Secret and key that its spec.secretRef names");
    }
    return new HttpCalls.Request(
        HttpMethod.POST,
        endpoint.baseUrl() + "/v1/messages",
        Map.of("x-api-key", key, "anthropic-version", VERSION, "accept", "text/event-stream"),
        Buffer.buffer(EventCodec.JSON.writeValueAsBytes(AnthropicRequest.body(request))),
        patience.head());
  }

  private ModelAnswer answer(HttpBody body, Listener listener) throws IOException, ModelFailure {
    AnthropicStream stream = new AnthropicStream(listener);
    SseParser parser = new SseParser();
    Buffer bytes = body.next(patience.idle());
    while (bytes != null) {
      for (SseParser.Sse event : parser.feed(bytes.getBytes())) {
        stream.feed(event.data());
      }
      Optional<ModelAnswer> complete = stream.answer();
      if (complete.isPresent()) {
        return complete.get();
      }
      bytes = body.next(patience.idle());
    }
    throw new IOException("the answer ended before it was complete");
  }

  private Buffer read(HttpBody body) throws IOException {
    Buffer whole = Buffer.buffer();
    Buffer piece = body.next(patience.idle());
    while (piece != null && whole.length() < LONGEST_ERROR_BODY) {
      whole.appendBuffer(piece);
      piece = body.next(patience.idle());
    }
    return whole;
  }
}
