package dev.rouse.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.server.wire.DocumentCheck;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Speaks HTTP with one token. Every answer of the public API is held against the OpenAPI document,
 * and so is every body that was taken.
 */
public final class TestClient implements AutoCloseable {

  /** An answer. */
  public record Answer(int status, HttpResponse<String> response) {

    public JsonNode json() {
      try {
        return EventCodec.JSON.readTree(response.body());
      } catch (IOException e) {
        throw new IllegalStateException(response.body(), e);
      }
    }

    public Optional<String> header(String name) {
      return response.headers().firstValue(name);
    }
  }

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;
  private final String token;

  public TestClient(int port, String token) {
    this.base = "http://127.0.0.1:" + port;
    this.token = token;
  }

  public Answer get(String path, String... headers) {
    return send(request(path, headers).GET().build(), "");
  }

  public Answer post(String path, Object body) {
    try {
      return postText(path, EventCodec.JSON.writeValueAsString(body));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Posts text as it stands, with further headers. */
  public Answer postText(String path, String body, String... headers) {
    return send(
        request(path, headers).POST(HttpRequest.BodyPublishers.ofString(body)).build(), body);
  }

  /** What became of a body that nobody wants. @param sent bytes that went out before the answer */
  public record Raw(int status, long sent) {}

  /** Posts a body of this size without waiting for leave, and stops at the answer. */
  public Raw flood(String path, long size) {
    URI target = URI.create(base);
    byte[] chunk = new byte[64 * 1024];
    Arrays.fill(chunk, (byte) ' ');
    try (Socket socket = new Socket(target.getHost(), target.getPort())) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      String head =
          "POST %s HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n"
              .formatted(path, token, size);
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      long sent = 0;
      try {
        while (sent < size && socket.getInputStream().available() == 0) {
          out.write(chunk);
          sent += chunk.length;
        }
      } catch (IOException e) {
        // The server closed the connection: what it said may still be read.
      }
      String line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      return new Raw(Integer.parseInt(line.substring(9)), sent);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public Answer method(String method, String path) {
    return send(request(path).method(method, HttpRequest.BodyPublishers.noBody()).build(), "");
  }

  private HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(40));
    if (!token.isEmpty()) {
      request.header("authorization", "Bearer " + token);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request;
  }

  private Answer send(HttpRequest request, String body) {
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      DocumentCheck.check(response, body);
      return new Answer(response.statusCode(), response);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** An open event stream. */
  public Feed open(String path) {
    try {
      HttpResponse<Stream<String>> response =
          http.send(request(path).GET().build(), BodyHandlers.ofLines());
      return new Feed(response);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What a stream brings: its lines, and whether it has ended. */
  public static final class Feed implements AutoCloseable {

    private final HttpResponse<Stream<String>> response;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Thread reader;

    Feed(HttpResponse<Stream<String>> response) {
      this.response = response;
      this.reader =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  response.body().forEach(lines::add);
                } catch (RuntimeException e) {
                  lines.add("!" + e);
                }
              });
    }

    public int status() {
      return response.statusCode();
    }

    public Optional<String> header(String name) {
      return response.headers().firstValue(name);
    }

    public List<String> lines() {
      return List.copyOf(lines);
    }

    /** The data of every event so far. */
    public List<JsonNode> events() {
      return lines.stream().filter(line -> line.startsWith("data: ")).map(this::event).toList();
    }

    private JsonNode event(String line) {
      try {
        JsonNode event = EventCodec.JSON.readTree(line.substring(6));
        DocumentCheck.streamed(response.uri(), event);
        return event;
      } catch (IOException e) {
        throw new IllegalStateException(line, e);
      }
    }

    /** Takes the next event; empty when none has come in time. */
    public Optional<JsonNode> take(Duration patience) throws InterruptedException {
      long end = System.nanoTime() + patience.toNanos();
      while (true) {
        String line = lines.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (line == null) {
          return Optional.empty();
        }
        if (line.startsWith("data: ")) {
          return Optional.of(event(line));
        }
      }
    }

    public List<String> types() {
      return events().stream().map(event -> event.path("type").asText()).toList();
    }

    public boolean hasEnded() {
      return !reader.isAlive();
    }

    @Override
    public void close() {
      response.body().close();
      reader.interrupt();
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
