package dev.rouse.harness.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The body of an answer, piece by piece as it comes in. For one thread. */
public final class HttpBody implements AutoCloseable {

  private final HttpClientResponse response;
  private final LinkedBlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
  private boolean ended;

  private sealed interface Piece {
    record Bytes(Buffer bytes) implements Piece {}

    record End() implements Piece {}

    record Failed(Throwable cause) implements Piece {}
  }

  private final Context loop = Objects.requireNonNull(Vertx.currentContext());

  /** Known to the event loop alone. */
  private boolean isWhole;

  /** To be called on the response's event loop. */
  HttpBody(HttpClientResponse response) {
    this.response = response;
    response
        .handler(buffer -> pieces.add(new Piece.Bytes(buffer)))
        .endHandler(_ -> {
          isWhole = true;
          pieces.add(new Piece.End());
        })
        .exceptionHandler(cause -> pieces.add(new Piece.Failed(cause)));
  }

  public int status() {
    return response.statusCode();
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(response.getHeader(name));
  }

  /**
   * The next bytes, or null at the end.
   *
   * @param idle how long to wait for them
   */
  public @Nullable Buffer next(Duration idle) throws IOException {
    if (ended) {
      return null;
    }
    Piece piece;
    try {
      piece = pieces.poll(idle.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw HttpCalls.interrupted(e);
    }
    return switch (piece) {
      case null -> throw new IOException("the answer stopped coming in for " + idle);
      case Piece.Bytes(Buffer bytes) -> bytes;
      case Piece.End _ -> {
        ended = true;
        yield null;
      }
      case Piece.Failed(Throwable cause) ->
          throw new IOException("the answer was cut off: " + cause.getMessage(), cause);
    };
  }

  /**
   * Closes the connection, unless the answer has come to its end, read or not: from then on the
   * connection is somebody else's.
   */
  @Override
  public void close() {
    if (!ended) {
      loop.runOnContext(_ -> {
        if (!isWhole) {
          response.request().reset();
        }
      });
    }
  }
}
