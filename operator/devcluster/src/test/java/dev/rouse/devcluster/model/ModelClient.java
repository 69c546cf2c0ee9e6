package dev.rouse.devcluster.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Speaks the Messages protocol to a server under test, as any caller would. */
final class ModelClient implements AutoCloseable {

  static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI base;

  ModelClient(URI base) {
    this.base = base;
  }

  /** A request with the usual tools and no messages yet. */
  static ObjectNode request(String model) {
    ObjectNode request =
        JSON.createObjectNode().put("model", model).put("max_tokens", 1000).put("system", "s");
    for (String tool : List.of("bash", "read", "write", "edit", "glob", "grep")) {
      request
          .withArray("tools")
          .addObject()
          .put("name", tool)
          .putObject("input_schema")
          .put("type", "object");
    }
    request.putArray("messages");
    return request;
  }

  static ObjectNode request(String model, String firstWords) {
    ObjectNode request = request(model);
    add(request, "user", firstWords);
    return request;
  }

  static void add(ObjectNode request, String role, String text) {
    request.withArray("messages").addObject().put("role", role).put("content", text);
  }

  HttpResponse<String> post(ObjectNode body) throws IOException, InterruptedException {
    return http.send(toSend(body), BodyHandlers.ofString());
  }

  /** Sends a streaming request; the lines come as they arrive. */
  HttpResponse<Stream<String>> stream(ObjectNode body) throws IOException, InterruptedException {
    return http.send(toSend(body.deepCopy().put("stream", true)), BodyHandlers.ofLines());
  }

  /** The events of a stream, read to its end. */
  static List<JsonNode> events(Stream<String> lines) throws IOException {
    var events = new ArrayList<JsonNode>();
    for (String line : (Iterable<String>) lines::iterator) {
      if (line.startsWith("data: ")) {
        events.add(JSON.readTree(line.substring("data: ".length())));
      }
    }
    return events;
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return JSON.readTree(
        http.send(HttpRequest.newBuilder(base.resolve(path)).build(), BodyHandlers.ofString())
            .body());
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  HttpRequest.Builder messages(ObjectNode body) {
    return HttpRequest.newBuilder(base.resolve("/v1/messages?beta=true"))
        .timeout(Duration.ofSeconds(20))
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
  }

  private HttpRequest toSend(ObjectNode body) {
    return messages(body)
        .header("x-api-key", "key")
        .header("anthropic-version", "2023-06-01")
        .build();
  }

  /** Everything a streaming request gets until the connection ends, however it ends. */
  String raw(ObjectNode body) throws IOException {
    String json = body.deepCopy().put("stream", true).toString();
    String head =
        "POST /v1/messages HTTP/1.1\r\nHost: model\r\nanthropic-version: 1\r\nContent-Length: %d\r\n\r\n"
            .formatted(json.getBytes(StandardCharsets.UTF_8).length);
    try (var socket = new Socket(base.getHost(), base.getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write((head + json).getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
