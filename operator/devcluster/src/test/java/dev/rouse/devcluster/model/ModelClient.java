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

/** Speaks both protocols to a server under test, as any caller would. */
final class ModelClient implements AutoCloseable {

  static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> TOOLS =
      List.of("bash", "read", "write", "edit", "glob", "grep");

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
    for (String tool : TOOLS) {
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

  /** A request of the chat protocol with the usual tools and only the system's message. */
  static ObjectNode chat(String model) {
    ObjectNode request = JSON.createObjectNode().put("model", model).put("max_tokens", 1000);
    for (String tool : TOOLS) {
      ObjectNode function =
          request.withArray("tools").addObject().put("type", "function").putObject("function");
      function.put("name", tool).putObject("parameters").put("type", "object");
    }
    add(request, "system", "s");
    return request;
  }

  static ObjectNode chat(String model, String firstWords) {
    ObjectNode request = chat(model);
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

  HttpResponse<String> postChat(ObjectNode body) throws IOException, InterruptedException {
    return send(completions(body).header("authorization", "Bearer key"));
  }

  /** Sends a streaming chat request; the lines come as they arrive. */
  HttpResponse<Stream<String>> streamChat(ObjectNode body)
      throws IOException, InterruptedException {
    ObjectNode streaming = body.deepCopy().put("stream", true);
    streaming.putObject("stream_options").put("include_usage", true);
    return http.send(
        completions(streaming).header("authorization", "Bearer key").build(),
        BodyHandlers.ofLines());
  }

  HttpRequest.Builder completions(ObjectNode body) {
    return posting("/v1/chat/completions", body);
  }

  /** The events of a stream, read to its end; what is no JSON is left out. */
  static List<JsonNode> events(Stream<String> lines) throws IOException {
    var events = new ArrayList<JsonNode>();
    for (String line : (Iterable<String>) lines::iterator) {
      if (line.startsWith("data: {")) {
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
    return posting("/v1/messages?beta=true", body);
  }

  private HttpRequest.Builder posting(String path, ObjectNode body) {
    return HttpRequest.newBuilder(base.resolve(path))
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
    return raw("/v1/messages", body);
  }

  /** The same over the chat protocol. */
  String rawChat(ObjectNode body) throws IOException {
    return raw("/v1/chat/completions", body);
  }

  private String raw(String path, ObjectNode body) throws IOException {
    String json = body.deepCopy().put("stream", true).toString();
    String head =
        "POST %s HTTP/1.1\r\nHost: model\r\nanthropic-version: 1\r\nContent-Length: %d\r\n\r\n"
            .formatted(path, json.getBytes(StandardCharsets.UTF_8).length);
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
