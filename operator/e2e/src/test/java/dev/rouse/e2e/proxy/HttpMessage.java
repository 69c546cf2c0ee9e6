package dev.rouse.e2e.proxy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The head of an HTTP/1.1 message, and how to move its body. */
record HttpMessage(String start, List<String> headers) {

  /** The next head on a connection, or empty when the peer closed it between messages. */
  static Optional<HttpMessage> read(InputStream in) throws IOException {
    String start = line(in);
    if (start.isEmpty()) {
      return Optional.empty();
    }
    List<String> headers = new ArrayList<>();
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      headers.add(header);
    }
    return Optional.of(new HttpMessage(start, headers));
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return "";
      }
      bytes.write(b);
    }
    return bytes.toString(StandardCharsets.ISO_8859_1).strip();
  }

  void write(OutputStream out) throws IOException {
    StringBuilder head = new StringBuilder(start).append("\r\n");
    headers.forEach(header -> head.append(header).append("\r\n"));
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  Optional<String> header(String name) {
    String prefix = name.toLowerCase(Locale.ROOT) + ":";
    return headers.stream()
        .filter(header -> header.toLowerCase(Locale.ROOT).startsWith(prefix))
        .map(header -> header.substring(prefix.length()).strip())
        .findFirst();
  }

  int status() {
    return Integer.parseInt(start.split(" ", 3)[1]);
  }

  boolean isChunked() {
    return header("transfer-encoding").map(v -> v.equalsIgnoreCase("chunked")).orElse(false);
  }

  /** Whether a response says where it ends, other than by the end of the connection. */
  boolean hasAnEnd() {
    return isChunked() || header("content-length").isPresent() || hasNoBody();
  }

  private boolean hasNoBody() {
    return status() == 204 || status() == 304;
  }

  boolean isUpgrade() {
    return start.startsWith("HTTP/1.1 101");
  }

  /** Moves a request's body and returns it. */
  byte[] requestBody(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (isChunked()) {
      copyChunks(in, body);
    } else {
      copy(in, body, header("content-length").map(Long::parseLong).orElse(0L));
    }
    return body.toByteArray();
  }

  /** Moves a response's body as it comes, each piece at once. */
  void pipeResponseBody(InputStream in, OutputStream out, boolean head) throws IOException {
    if (head || hasNoBody()) {
      return;
    }
    if (isChunked()) {
      copyChunks(in, out);
    } else if (header("content-length").isPresent()) {
      copy(in, out, Long.parseLong(header("content-length").orElseThrow()));
    } else {
      in.transferTo(new Flushing(out));
    }
  }

  private static void copy(InputStream in, OutputStream out, long length) throws IOException {
    byte[] buffer = new byte[16 * 1024];
    for (long left = length; left > 0; ) {
      int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (n < 0) {
        throw new EOFException("body cut " + left + " bytes before its end");
      }
      out.write(buffer, 0, n);
      out.flush();
      left -= n;
    }
  }

  private static void copyChunks(InputStream in, OutputStream out) throws IOException {
    while (true) {
      String size = line(in);
      if (size.isEmpty()) {
        throw new EOFException("chunked body cut");
      }
      out.write((size + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      long length = Long.parseLong(size.split(";", 2)[0], 16);
      copy(in, out, length + 2);
      if (length == 0) {
        return;
      }
    }
  }

  private static final class Flushing extends OutputStream {
    private final OutputStream out;

    Flushing(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      out.flush();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      out.flush();
    }
  }
}
