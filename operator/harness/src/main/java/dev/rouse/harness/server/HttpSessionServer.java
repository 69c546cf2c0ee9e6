package dev.rouse.harness.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.rouse.harness.http.HttpBody;
import dev.rouse.harness.http.HttpCalls;
import dev.rouse.harness.http.SseParser;
import dev.rouse.session.EventCodec;
import dev.rouse.session.LogRecord;
import dev.rouse.session.protocol.BrainProtocol.Code;
import dev.rouse.session.protocol.BrainProtocol.CommitRequest;
import dev.rouse.session.protocol.BrainProtocol.Committed;
import dev.rouse.session.protocol.BrainProtocol.Deltas;
import dev.rouse.session.protocol.BrainProtocol.Hands;
import dev.rouse.session.protocol.BrainProtocol.HandsPending;
import dev.rouse.session.protocol.BrainProtocol.HandsRequest;
import dev.rouse.session.protocol.BrainProtocol.Refusal;
import dev.rouse.session.protocol.BrainProtocol.Wake;
import dev.rouse.session.protocol.BrainProtocol.WakeRequest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@link SessionServer} over HTTP. */
public final class HttpSessionServer implements SessionServer {

  private static final Duration CALL = Duration.ofSeconds(30);

  /** The server answers after 20 s at most; the rest is for the way. */
  private static final Duration LONG_POLL = Duration.ofSeconds(40);

  /** Longer than the server's heartbeat; a connection without one is dead. */
  private static final Duration SILENCE = Duration.ofSeconds(75);

  private final HttpCalls http;
  private final String base;
  private final Path tokenFile;

  /**
   * @param baseUrl the server's, without a path
   * @param tokenFile read for each call: the kubelet rotates it
   */
  public HttpSessionServer(HttpCalls http, String baseUrl, String sessionUid, Path tokenFile) {
    this.http = http;
    this.base = baseUrl + "/internal/v1/sessions/" + sessionUid + "/";
    this.tokenFile = tokenFile;
  }

  @Override
  public Wake wake(String why) throws Refused, IOException {
    return read(call(post("wake", new WakeRequest(why), CALL)), Wake.class);
  }

  @Override
  public List<LogRecord> records(long from) throws Refused, IOException {
    HttpCalls.Response response = call(request(HttpMethod.GET, "records?from=" + from, null, CALL));
    try (var lines = response.body().toString(StandardCharsets.UTF_8).lines()) {
      return lines.filter(line -> !line.isBlank()).map(HttpSessionServer::record).toList();
    } catch (IllegalArgumentException e) {
      throw new IOException("the server sent something that is no log record", e);
    }
  }

  private static LogRecord record(String json) {
    try {
      return EventCodec.JSON.readValue(json, LogRecord.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  @Override
  public void follow(long from, Consumer<LogRecord> sink) throws Refused, IOException {
    HttpCalls.Request request =
        request(HttpMethod.GET, "records?from=" + from + "&follow=true", null, CALL);
    try (HttpBody body = http.open(request)) {
      if (body.status() != 200) {
        throw refused(new HttpCalls.Response(body.status(), drain(body)));
      }
      SseParser parser = new SseParser();
      Buffer bytes = body.next(SILENCE);
      while (bytes != null) {
        for (SseParser.Sse event : parser.feed(bytes.getBytes())) {
          sink.accept(record(event.data()));
        }
        bytes = body.next(SILENCE);
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("the server sent something that is no log record", e);
    }
  }

  private static Buffer drain(HttpBody body) throws IOException {
    Buffer first = body.next(CALL);
    return first == null ? Buffer.buffer() : first;
  }

  @Override
  public Committed commit(CommitRequest request) throws Refused, IOException {
    return read(call(post("commits", request, CALL)), Committed.class);
  }

  @Override
  public HandsAnswer hands(HandsRequest request) throws Refused, IOException {
    HttpCalls.Response response = call(post("hands", request, LONG_POLL));
    return response.status() == 202
        ? new HandsAnswer.Pending(read(response, HandsPending.class))
        : new HandsAnswer.Ready(read(response, Hands.class));
  }

  @Override
  public void deltas(Deltas deltas) throws Refused, IOException {
    call(post("deltas", deltas, CALL));
  }

  private HttpCalls.Request post(String path, Object body, Duration timeout) throws IOException {
    return request(
        HttpMethod.POST, path, Buffer.buffer(EventCodec.JSON.writeValueAsBytes(body)), timeout);
  }

  private HttpCalls.Request request(
      HttpMethod method, String path, @Nullable Buffer body, Duration timeout) throws IOException {
    String token = Files.readString(tokenFile).strip();
    return new HttpCalls.Request(
        method, base + path, Map.of("authorization", "Bearer " + token), body, timeout);
  }

  private HttpCalls.Response call(HttpCalls.Request request) throws Refused, IOException {
    HttpCalls.Response response = http.call(request);
    if (!response.isSuccess()) {
      throw refused(response);
    }
    return response;
  }

  private static <T> T read(HttpCalls.Response response, Class<T> type) throws IOException {
    return EventCodec.JSON.readValue(response.body().getBytes(), type);
  }

  /**
   * A proxy's answer is no refusal of the server: it may be repeated, unless it blames the call.
   */
  private static Refused refused(HttpCalls.Response response) throws IOException {
    try {
      Refusal refusal = read(response, Refusal.class);
      if (refusal != null && (Object) refusal.code() != null) {
        return new Refused(refusal);
      }
    } catch (JsonProcessingException e) {
      // Not the server's own words; the status has to do.
    }
    if (response.status() >= 500 || response.status() == 429) {
      throw new IOException("HTTP " + response.status() + " from the server");
    }
    Code code = response.status() == 401 ? Code.UNAUTHENTICATED : Code.INVALID;
    return new Refused(new Refusal(code, "HTTP " + response.status() + " from the server", null));
  }
}
