package dev.rouse.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.rouse.server.http.BodyRefused.Why;
import dev.rouse.session.EventCodec;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One HTTP request and its answer, for code that blocks. For use by one thread. */
public final class Call {

  /** The route of what leads nowhere. */
  public static final String NO_ROUTE = "other";

  private static final int OK = 200;

  /** How long a client may take to send a body. */
  private static final Duration BODY_TIME = Duration.ofSeconds(60);

  /** How long a client may go on sending a body that was refused. */
  private static final Duration LINGER = Duration.ofSeconds(10);

  private final HttpServerRequest request;
  private final Context context;
  private final String requestId;
  private final Streams streams;
  private final BodyRoom room;
  private final CallObserver observer;
  private final long began = System.nanoTime();
  private String route = NO_ROUTE;

  /** Whether a body was asked for and has not come to its end: what follows on the wire is it. */
  private volatile boolean unread;

  /** Of the event loop. */
  private long bodyBytes;

  /** Of the event loop. */
  private boolean over;

  private boolean answered;

  /** Makes streams. */
  @FunctionalInterface
  interface Streams {

    /**
     * Takes over a response.
     *
     * @param endless whether the answer has no end of its own, so that it may be ended anywhere
     */
    ResponseStream open(HttpServerResponse response, boolean endless);
  }

  Call(
      HttpServerRequest request,
      Context context,
      String requestId,
      Streams streams,
      BodyRoom room,
      CallObserver observer) {
    this.request = request;
    this.context = context;
    this.requestId = requestId;
    this.streams = streams;
    this.room = room;
    this.observer = observer;
  }

  /** Identifies the call in logs and answers, {@code req_…}. */
  public String requestId() {
    return requestId;
  }

  public String method() {
    return request.method().name();
  }

  /** The path without query, as it was sent. */
  public String path() {
    return Optional.ofNullable(request.path()).orElse("/");
  }

  /** The first value of a header. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeader(name));
  }

  /** The last value of a query parameter. */
  public Optional<String> query(String name) {
    List<String> all = queries(name);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  /** All values of a query parameter. */
  public List<String> queries(String name) {
    return request.params().getAll(name);
  }

  /** Whether the query can be read: bad percent-encoding cannot. */
  public boolean hasReadableQuery() {
    try {
      request.params();
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** The token of {@code Authorization: Bearer}. */
  public Optional<String> bearer() {
    return header("authorization")
        .filter(value -> value.toLowerCase(Locale.ROOT).startsWith("bearer "))
        .map(value -> value.substring("bearer ".length()).strip())
        .filter(token -> !token.isEmpty());
  }

  /**
   * The request's body. Nothing of it is taken from the connection before this is called, so that a
   * caller without rights cannot fill our memory.
   *
   * @param limit the most bytes taken
   */
  public byte[] body(int limit) throws BodyRefused, InterruptedException {
    unread = true;
    if (header("content-length").flatMap(Call::number).orElse(0L) > limit) {
      throw tooLarge(limit);
    }
    CompletableFuture<Buffer> done = new CompletableFuture<>();
    context.runOnContext(_ -> {
      if (header("expect").filter("100-continue"::equalsIgnoreCase).isPresent()) {
        request.response().writeContinue();
      }
      collect(limit, done);
    });
    try {
      return done.get(BODY_TIME.toMillis(), TimeUnit.MILLISECONDS).getBytes();
    } catch (TimeoutException e) {
      throw new BodyRefused(
          Why.TOO_SLOW, "the body did not arrive within " + BODY_TIME.toSeconds() + " seconds");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof BodyRefused refused
          ? refused
          : new BodyRefused(Why.BROKEN, "the connection broke while the body was read");
    }
  }

  private void collect(int limit, CompletableFuture<Buffer> done) {
    Buffer all = Buffer.buffer();
    request.exceptionHandler(done::completeExceptionally);
    request.endHandler(_ -> {
      unread = false;
      done.complete(all);
    });
    request.handler(chunk -> {
      if (over) {
        return;
      }
      if (all.length() + chunk.length() > limit) {
        request.pause();
        done.completeExceptionally(tooLarge(limit));
      } else if (!room.take(all.length(), chunk.length())) {
        request.pause();
        done.completeExceptionally(
            new BodyRefused(
                Why.NO_ROOM, "too many large requests at once: send it again in a moment"));
      } else {
        bodyBytes += chunk.length();
        all.appendBuffer(chunk);
      }
    });
    request.resume();
  }

  /** Nobody uses the body any more. */
  void over() {
    context.runOnContext(_ -> {
      over = true;
      room.giveBack(bodyBytes);
      bodyBytes = 0;
    });
  }

  private static BodyRefused tooLarge(int limit) {
    return new BodyRefused(
        Why.TOO_LARGE,
        limit == 0
            ? "this request takes no body"
            : "the body is larger than the " + limit + " bytes that this request may have");
  }

  private static Optional<Long> number(String text) {
    return text.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
  }

  /** Says where the call leads: method and path as templates that callers do not make up. */
  public void routed(String template) {
    route = template;
  }

  /** Whether the answer has begun, so that no other can be given. */
  public boolean isAnswered() {
    return answered;
  }

  /** Adds a header to the answer. */
  public Call withHeader(String name, String value) {
    request.response().putHeader(name, value);
    return this;
  }

  /** Answers with a value of the session vocabulary's JSON form. */
  public void answer(int status, Object json) {
    try {
      answer(status, "application/json", EventCodec.JSON.writeValueAsBytes(json));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer cannot be written as JSON", e);
    }
  }

  /** Answers without a body. */
  public void answerNothing(int status) {
    answer(status, null, new byte[0]);
  }

  /** Answers with plain text. */
  public void answerText(int status, String text) {
    answer(status, "text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private void answers(int status) {
    if (!answered) {
      observer.answered(route, status, Duration.ofNanos(System.nanoTime() - began));
    }
    answered = true;
  }

  private void answer(int status, @Nullable String contentType, byte[] body) {
    answers(status);
    HttpServerResponse response = request.response();
    response.setStatusCode(status);
    if (contentType != null) {
      response.putHeader("content-type", contentType);
    }
    if (unread) {
      response
          .putHeader("connection", "close")
          .putHeader("content-length", String.valueOf(body.length))
          .write(Buffer.buffer(body));
      context.runOnContext(_ -> linger());
      return;
    }
    response.end(Buffer.buffer(body));
    context.runOnContext(_ -> request.resume());
  }

  /**
   * Drops the rest of a body that is still on its way before the connection is closed: one that is
   * closed with bytes unread is reset, and a reset takes the answer from a client that still sends.
   */
  private void linger() {
    long deadline = context.owner().setTimer(LINGER.toMillis(), _ -> request.connection().close());
    request.connection().closeHandler(_ -> context.owner().cancelTimer(deadline));
    request.exceptionHandler(_ -> {});
    request.handler(_ -> {});
    request.endHandler(_ -> request.response().end().onComplete(_ -> request.connection().close()));
    request.resume();
  }

  /** Begins an answer that goes on until somebody ends it, at the latest this process. */
  public ResponseStream stream(String contentType) {
    return begin(contentType, true);
  }

  /** Begins an answer whose length is not known, and which is nothing unless it is whole. */
  public ResponseStream whole(String contentType) {
    return begin(contentType, false);
  }

  private ResponseStream begin(String contentType, boolean endless) {
    answers(OK);
    HttpServerResponse response = request.response();
    response.setStatusCode(OK).setChunked(true).putHeader("content-type", contentType);
    ResponseStream stream = streams.open(response, endless);
    context.runOnContext(_ -> request.resume());
    return stream;
  }
}
