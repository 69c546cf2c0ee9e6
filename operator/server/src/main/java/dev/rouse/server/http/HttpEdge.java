package dev.rouse.server.http;

import dev.rouse.session.Ids;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.KeyCertOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens, and runs a {@link CallHandler} on a virtual thread for each request.
 *
 * <p>HTTP/1.1 only: one call a connection, so that cutting off one harms no other.
 *
 * <p>Every answer carries {@code request-id}. The certificate of a {@link CertificateSource} is
 * served as it is now, without a restart; new connections get the new one.
 */
public final class HttpEdge implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HttpEdge.class);

  /** How long a client may not read before its stream is cut off. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Longer than the pause between two keep-alives of any stream. */
  private static final Duration IDLE = Duration.ofSeconds(90);

  private static final Duration TLS_CHECK = Duration.ofSeconds(10);
  private static final int HEADERS = 32 * 1024;

  /**
   * Where to listen.
   *
   * @param host address to bind
   * @param port port to bind; 0 for a free one
   * @param tls the certificate, or null for plain HTTP behind something that ends TLS
   */
  public record Listen(String host, int port, @Nullable CertificateSource tls) {}

  private final Vertx vertx;
  private final HttpServer server;
  private final CallHandler handler;
  private final FailureAnswer failures;
  private final CallObserver observer;
  private final Duration patience;
  private final Ids ids;
  private final BodyRoom room = BodyRoom.ofHeap();
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<ResponseStream> streams = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition quiet = lock.newCondition();
  private int inFlight;
  private volatile boolean draining;

  /** Starts listening. @throws IOException when the address or the certificate cannot be used */
  public static HttpEdge start(Listen listen, CallHandler handler, FailureAnswer failures, Ids ids)
      throws IOException {
    return start(listen, handler, failures, ids, CallObserver.NONE);
  }

  /** The same with somebody who hears of every answer. */
  public static HttpEdge start(
      Listen listen, CallHandler handler, FailureAnswer failures, Ids ids, CallObserver observer)
      throws IOException {
    return new HttpEdge(listen, handler, failures, ids, observer, PATIENCE, TLS_CHECK);
  }

  /** The same with other times, for tests. */
  static HttpEdge start(
      Listen listen,
      CallHandler handler,
      FailureAnswer failures,
      Ids ids,
      Duration patience,
      Duration tlsCheck)
      throws IOException {
    return new HttpEdge(listen, handler, failures, ids, CallObserver.NONE, patience, tlsCheck);
  }

  private HttpEdge(
      Listen listen,
      CallHandler handler,
      FailureAnswer failures,
      Ids ids,
      CallObserver observer,
      Duration patience,
      Duration tlsCheck)
      throws IOException {
    this.handler = handler;
    this.observer = observer;
    this.failures = failures;
    this.patience = patience;
    this.ids = ids;
    this.vertx = Vertx.vertx();
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(listen.host())
            .setPort(listen.port())
            .setMaxHeaderSize(HEADERS)
            .setMaxInitialLineLength(HEADERS)
            .setHttp2ClearTextEnabled(false)
            .setIdleTimeout((int) IDLE.toSeconds())
            .setTcpKeepAlive(true)
            .setDecompressionSupported(false);
    CertificateSource tls = listen.tls();
    try {
      if (tls != null) {
        ServedCertificate certificate = new ServedCertificate(vertx, tls);
        options.setSsl(true).setKeyCertOptions(KeyCertOptions.wrap(certificate));
        watch(certificate, tlsCheck);
      }
      this.server =
          vertx
              .createHttpServer(options)
              .requestHandler(this::accept)
              .invalidRequestHandler(this::refuse);
      server.listen().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      vertx.close();
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw new IOException(
          "cannot listen on " + listen.host() + ":" + listen.port() + ": " + e.getMessage(), e);
    }
  }

  /** The port that is listened on. */
  public int port() {
    return server.actualPort();
  }

  /** Whether new calls are refused, for the process is about to end. */
  public boolean isDraining() {
    return draining;
  }

  /** How many calls are under way, streams among them. */
  public int inFlight() {
    lock.lock();
    try {
      return inFlight;
    } finally {
      lock.unlock();
    }
  }

  /** How many streams are open. */
  public int streams() {
    return streams.size();
  }

  /** Bytes that wait for slow clients of all open streams; each has a limit of its own. */
  public long waitingBytes() {
    return streams.stream().mapToLong(ResponseStream::waiting).sum();
  }

  private void watch(ServedCertificate certificate, Duration every) {
    vertx.setPeriodic(
        every.toMillis(),
        _ ->
            vertx
                .executeBlocking(certificate::refresh)
                .onSuccess(renewed -> {
                  if (renewed) {
                    LOG.atInfo().log("serving a new certificate");
                  }
                })
                .onFailure(e ->
                    LOG.atWarn()
                        .setCause(e)
                        .log("going on with the certificate as it was; trying again")));
  }

  private void accept(HttpServerRequest request) {
    request.pause();
    String requestId = ids.next("req");
    request.response().putHeader("request-id", requestId);
    Context context = vertx.getOrCreateContext();
    Call call = new Call(request, context, requestId, this::stream, room, observer);
    if (draining) {
      request.response().putHeader("connection", "close");
      failures.answer(call, 503, "the server is stopping: try again, another one will answer");
      return;
    }
    began();
    calls.execute(() -> run(call, request));
  }

  /** What is not HTTP, or too much of it, never becomes a call, and gets an answer as any call. */
  private void refuse(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    int status =
        switch (cause) {
          case TooLongHttpLineException _ -> 414;
          case TooLongHttpHeaderException _ -> 431;
          case null, default -> 400;
        };
    String requestId = ids.next("req");
    HttpServerResponse response = request.response();
    response.putHeader("request-id", requestId).putHeader("connection", "close");
    failures.answer(
        new Call(request, vertx.getOrCreateContext(), requestId, this::stream, room, observer),
        status,
        status == 400
            ? "this is no HTTP request"
            : "line and headers of a request may have %d bytes each".formatted(HEADERS));
  }

  // An Error is a defect, too, and its caller must not wait for ever.
  @SuppressWarnings("CatchThrowable")
  private void run(Call call, HttpServerRequest request) {
    try {
      handler.handle(call);
      if (!call.isAnswered()) {
        throw new IllegalStateException("nobody answered " + call.method() + " " + call.path());
      }
    } catch (Throwable e) {
      LOG.atError()
          .addKeyValue("requestId", call.requestId())
          .setCause(e)
          .log("{} {} failed", call.method(), call.path());
      if (call.isAnswered()) {
        request.connection().close();
      } else {
        failures.answer(call, 500, "internal error, see the server's log for " + call.requestId());
      }
    } finally {
      call.over();
      ended();
    }
  }

  private ResponseStream stream(HttpServerResponse response, boolean endless) {
    ResponseStream stream = new ResponseStream(response, patience, streams::remove);
    if (endless) {
      streams.add(stream);
    }
    stream.watch();
    return stream;
  }

  private void began() {
    lock.lock();
    try {
      inFlight++;
    } finally {
      lock.unlock();
    }
  }

  private void ended() {
    lock.lock();
    try {
      inFlight--;
      quiet.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Refuses new calls, ends streams in good order and lets the calls under way finish.
   *
   * @throws TimeoutException when some have not finished in time
   */
  public void drain(Duration patience) throws InterruptedException, TimeoutException {
    draining = true;
    streams.forEach(ResponseStream::close);
    long left = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (inFlight > 0) {
        if (left <= 0) {
          throw new TimeoutException(inFlight + " calls have not finished in time");
        }
        left = quiet.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Stops listening and breaks what is still open. */
  @Override
  public void close() {
    draining = true;
    calls.shutdownNow();
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new UncheckedIOException(new IOException("the HTTP server did not stop in time", e));
    }
  }
}
