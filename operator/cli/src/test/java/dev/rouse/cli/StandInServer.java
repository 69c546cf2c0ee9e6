package dev.rouse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/** The events API of one session over real HTTP, with failures on demand. */
final class StandInServer implements AutoCloseable {

  /** A request to send events. */
  record Sent(String key, String authorization, String workspace, JsonNode events) {}

  private final HttpServer http;
  private final List<JsonNode> history = new ArrayList<>();
  private final Map<String, ArrayNode> answers = new HashMap<>();
  final List<Sent> sent = new ArrayList<>();
  private int lostAnswers;
  private int refusal;
  private String refusalSentence = "";

  StandInServer(String sessionId) throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(Executors.newSingleThreadExecutor());
    http.createContext("/v1/sessions/" + sessionId + "/events", this::handle);
    http.createContext("/v1/sessions/" + sessionId, this::session);
    http.start();
  }

  /** Answers below another path, too. */
  void serve(String path, HttpHandler handler) {
    http.createContext(path, handler);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  synchronized void add(String json) throws IOException {
    history.add(EventCodec.JSON.readTree(json));
  }

  /** The next requests are done, and their answers never arrive. */
  synchronized void loseAnswers(int times) {
    lostAnswers = times;
  }

  /** All requests are refused from now on. */
  synchronized void refuse(int status, String sentence) {
    refusal = status;
    refusalSentence = sentence;
  }

  /** What was done, and not only asked for. */
  synchronized int effects() {
    return answers.size();
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (refusal != 0) {
        exchange.getResponseHeaders().add("x-should-retry", "false");
        answer(exchange, refusal, error(refusalSentence));
      } else if (exchange.getRequestMethod().equals("GET")) {
        ObjectNode page = EventCodec.JSON.createObjectNode().putNull("next_page");
        page.putArray("data").addAll(history);
        answer(exchange, 200, page);
      } else {
        take(exchange);
      }
    }
  }

  /** What the last status of the history says. */
  private synchronized void session(HttpExchange exchange) throws IOException {
    try (exchange) {
      String status = "idle";
      for (JsonNode event : history) {
        String type = event.path("type").asText();
        if (type.startsWith("session.status_")) {
          status = type.substring("session.status_".length());
        }
      }
      answer(exchange, 200, EventCodec.JSON.createObjectNode().put("status", status));
    }
  }

  private void take(HttpExchange exchange) throws IOException {
    JsonNode events =
        EventCodec.JSON.readTree(exchange.getRequestBody().readAllBytes()).path("events");
    String key = exchange.getRequestHeaders().getFirst("idempotency-key");
    sent.add(
        new Sent(
            key,
            exchange.getRequestHeaders().getFirst("authorization"),
            exchange.getRequestHeaders().getFirst("anthropic-workspace-id"),
            events));
    ArrayNode taken =
        answers.computeIfAbsent(
            key,
            _ -> {
              ArrayNode stored = EventCodec.JSON.createArrayNode();
              events.forEach(event ->
                  stored.add(((ObjectNode) event.deepCopy()).put("id", "sevt_" + sent.size())));
              return stored;
            });
    if (lostAnswers > 0) {
      lostAnswers--;
      return;
    }
    ObjectNode body = EventCodec.JSON.createObjectNode();
    body.set("data", taken);
    answer(exchange, 200, body);
  }

  private static ObjectNode error(String sentence) {
    ObjectNode body = EventCodec.JSON.createObjectNode();
    body.putObject("error").put("message", sentence);
    return body;
  }

  private static void answer(HttpExchange exchange, int status, JsonNode body) throws IOException {
    byte[] bytes = EventCodec.JSON.writeValueAsBytes(body);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
