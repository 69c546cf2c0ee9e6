package dev.rouse.harness.model.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A provider that answers a POST with server-sent events, in whatever protocol. */
public final class StreamedProvider implements ModelProvider {

  private static final String FAILED = "model_request_failed_error";
  private static final int LONGEST_ERROR_BODY = 64 * 1024;

  private final HttpCalls http;
  private final Endpoint endpoint;
  private final Protocol protocol;
  private final Patience patience;
  private final Clock clock;

  public StreamedProvider(
      HttpCalls http, Endpoint endpoint, Protocol protocol, Patience patience, Clock clock) {
    this.http = http;
    this.endpoint = endpoint;
    this.protocol = protocol;
    this.patience = patience;
    this.clock = clock;
  }

  @Override
  public ModelAnswer stream(ModelRequest request, Listener listener)
      throws ModelFailure, InterruptedException {
    @Nullable String key = key(request);
    try {
      Optional<ModelAnswer> answer = ask(request, key, listener, true);
      // A reworded request is no second try: the first was not taken up.
      return answer.isPresent()
          ? answer.get()
          : ask(request, key, listener, false)
              .orElseThrow(() -> new IllegalStateException("reworded more than once"));
    } catch (InterruptedIOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("the model request was aborted");
      }
      throw unreachable(request, e);
    } catch (IOException e) {
      throw unreachable(request, e);
    }
  }

  /** Empty if the provider wants the request in other words, which {@code mayReword} allows. */
  private Optional<ModelAnswer> ask(
      ModelRequest request, @Nullable String key, Listener listener, boolean mayReword)
      throws IOException, ModelFailure {
    try (HttpBody body = http.open(post(request, key))) {
      if (body.status() == 200) {
        return Optional.of(answer(body, protocol.reading(request, listener)));
      }
      String said = read(body).toString(StandardCharsets.UTF_8);
      // Some repeat what they were given.
      ProviderError error =
          ProviderError.ofBody(key == null || key.isEmpty() ? said : said.replace(key, "…"));
      if (mayReword && protocol.rewords(body.status(), error)) {
        return Optional.empty();
      }
      throw refused(body, error, request.provider(), key != null);
    }
  }

  private ModelFailure refused(
      HttpBody body, ProviderError error, String provider, boolean hadKey) {
    if (body.status() == 401 || body.status() == 403) {
      // The provider's own words may repeat part of the key.
      return ModelFailure.terminal(
          FAILED,
          "HTTP %d from model provider %s: it %s, then send a message to try again"
              .formatted(
                  body.status(),
                  provider,
                  hadKey
                      ? "refused the key. Fix the Secret that ModelProvider "
                          + provider
                          + " names in spec.secretRef"
                      : "wants a key. Name a Secret in spec.secretRef of ModelProvider "
                          + provider));
    }
    @Nullable Duration wish =
        body.header("retry-after").map(value -> RetryAfter.of(value, clock)).orElse(null);
    return error.ofStatus(body.status(), provider, wish);
  }

  private static ModelFailure unreachable(ModelRequest request, IOException cause) {
    return ModelFailure.retryable(
        FAILED,
        "the connection to model provider " + request.provider() + " failed: " + cause.getMessage(),
        null,
        cause);
  }

  private @Nullable String key(ModelRequest request) throws ModelFailure {
    Path file = endpoint.keyFile();
    if (file == null) {
      return null;
    }
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw ModelFailure.terminal(
          FAILED,
          "the key of model provider "
              + request.provider()
              + " cannot be read: check the Secret and key that its spec.secretRef names");
    }
  }

  private HttpCalls.Request post(ModelRequest request, @Nullable String key)
      throws JsonProcessingException {
    return new HttpCalls.Request(
        HttpMethod.POST,
        endpoint.baseUrl() + protocol.path(),
        protocol.headers(key),
        Buffer.buffer(EventCodec.JSON.writeValueAsBytes(protocol.body(request))),
        patience.head());
  }

  private ModelAnswer answer(HttpBody body, AnswerStream stream) throws IOException, ModelFailure {
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
    return stream
        .atEnd()
        .orElseThrow(() -> new IOException("the answer ended before it was complete"));
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
