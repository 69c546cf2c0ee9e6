package dev.rouse.e2e.proxy;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * The way from one client's connection to the real server. Kept from one request to the next where
 * the server does not die: a handshake for each would be most of the work.
 */
final class Upstream implements AutoCloseable {

  @FunctionalInterface
  interface Opening {
    Socket open() throws IOException;
  }

  private final Opening opening;
  private final boolean keeps;
  private @Nullable Line kept;

  Upstream(Opening opening, boolean keeps) {
    this.opening = opening;
    this.keeps = keeps;
  }

  /** A connection to the server. */
  record Line(Socket socket, InputStream answers, OutputStream requests) implements AutoCloseable {

    static Line on(Socket socket) throws IOException {
      return new Line(
          socket,
          new BufferedInputStream(socket.getInputStream()),
          new BufferedOutputStream(socket.getOutputStream()));
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /**
   * A connection for one exchange; a new one for what was held, whose server may be another now.
   */
  Line take(boolean wasHeld) throws IOException {
    Line line = kept;
    kept = null;
    if (line != null && wasHeld) {
      line.close();
      line = null;
    }
    return line == null ? Line.on(opening.open()) : line;
  }

  /** After an exchange that left the connection fit for another one. */
  void giveBack(Line line) throws IOException {
    if (keeps) {
      kept = line;
    } else {
      line.close();
    }
  }

  @Override
  public void close() throws IOException {
    if (kept != null) {
      kept.close();
    }
  }
}
