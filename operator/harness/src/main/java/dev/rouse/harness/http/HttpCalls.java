package dev.rouse.harness.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * HTTP for blocking code: a call waits for the head of the answer, its body is read as it comes in.
 *
 * <p>On the Vert.x HTTP client itself, not its Web Client: an answer's status has to be known
 * before its body is read as a stream. An interrupt of a waiting thread ends the call as an {@link
 * InterruptedIOException} with the thread's interrupt status set, and closes the connection.
 */
public final class HttpCalls implements AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final int CONNECTIONS_PER_HOST = 64;

  /** Shorter than what servers and proxies grant an unused connection. */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

  private final HttpClient client;

  /**
   * @param ca PEM text of the only certificates to trust, or null for the system's
   */
  public HttpCalls(Vertx vertx, @Nullable String ca) {
    HttpClientOptions options =
        new HttpClientOptions()
            .setConnectTimeout(Math.toIntExact(CONNECT.toMillis()))
            .setKeepAliveTimeout(Math.toIntExact(KEEP_ALIVE.toSeconds()));
    if (ca != null) {
      options.setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(ca)));
    }
    this.client =
        vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(CONNECTIONS_PER_HOST));
  }

  /**
   * A request.
   *
   * @param url absolute
   * @param body sent as JSON, or null for none
   * @param headTimeout how long the head of the answer may take
   */
  public record Request(
      HttpMethod method,
      String url,
      Map<String, String> headers,
      @Nullable Buffer body,
      Duration headTimeout) {}

  /** A whole answer. */
  public record Response(int status, Buffer body) {
    public boolean isSuccess() {
      return status / 100 == 2;
    }
  }

  /** Sends {@code request} and waits for the head of the answer. The caller closes it. */
  public HttpBody open(Request request) throws IOException {
    CompletableFuture<HttpBody> head = new CompletableFuture<>();
    RequestOptions options =
        new RequestOptions().setMethod(request.method()).setAbsoluteURI(request.url());
    request.headers().forEach(options::putHeader);
    Future<HttpClientRequest> connected = client.request(options);
    connected
        .compose(ready -> send(ready, request.body()))
        .onSuccess(body -> {
          if (!head.complete(body)) {
            body.close();
          }
        })
        .onFailure(head::completeExceptionally);
    try {
      return head.get(request.headTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      abort(connected, head);
      throw interrupted(e);
    } catch (TimeoutException e) {
      abort(connected, head);
      throw new IOException(
          "no answer from " + origin(request) + " within " + request.headTimeout(), e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException("cannot reach " + origin(request) + ": " + cause.getMessage(), cause);
    }
  }

  private static Future<HttpBody> send(HttpClientRequest ready, @Nullable Buffer body) {
    Future<io.vertx.core.http.HttpClientResponse> sent;
    if (body == null) {
      sent = ready.send();
    } else {
      ready.putHeader("content-type", "application/json");
      sent = ready.send(body);
    }
    // On the event loop, before the first byte of the body can be missed.
    return sent.map(HttpBody::new);
  }

  private static void abort(Future<HttpClientRequest> connected, CompletableFuture<HttpBody> head) {
    head.cancel(false);
    connected.onSuccess(HttpClientRequest::reset);
  }

  /** Sends {@code request} and reads the whole answer. */
  public Response call(Request request) throws IOException {
    try (HttpBody body = open(request)) {
      Buffer whole = Buffer.buffer();
      Buffer piece = body.next(request.headTimeout());
      while (piece != null) {
        whole.appendBuffer(piece);
        piece = body.next(request.headTimeout());
      }
      return new Response(body.status(), whole);
    }
  }

  /** Host and port only: a URL's path may hold what does not belong in a log. */
  private static String origin(Request request) {
    return java.net.URI.create(request.url()).getAuthority();
  }

  static InterruptedIOException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    InterruptedIOException e =
        new InterruptedIOException("interrupted while waiting for an answer");
    e.initCause(cause);
    return e;
  }

  @Override
  public void close() {
    client.close();
  }
}
