package dev.rouse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.rouse.session.Budget;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Event;
import dev.rouse.session.EventCodec;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.UserEvent;
import dev.rouse.session.portable.FileHeader;
import dev.rouse.session.portable.SessionFileWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One session that can be taken out and moved, and copies that are brought in by key. */
final class StandInCopies implements HttpHandler {

  static final String PATH = "/rouse/v1/sessions";

  private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");
  private static final String CREATED =
      """
      {"type":"rouse.created","id":"sevt_0","format":1,"session_uid":"uid","namespace":"team-a",
       "name":"fix","thread_id":"sthr_1","environment":{},
       "agent":{"id":"agent_1","version":1,"name":"Coder","model":{"id":"m"},"tools":[]},
       "provider":{"name":"main","upstream_model":"m","max_tokens":1}}
      """;

  /** What was called, in order. */
  final List<String> calls = new ArrayList<>();

  /** Copies by their key: the lines that were brought. */
  final Map<String, List<String>> brought = new HashMap<>();

  /** What the last copy was begun with. */
  JsonNode wish = EventCodec.JSON.nullNode();

  private final List<LogRecord> source = new ArrayList<>();
  private final List<String> complete = new ArrayList<>();
  private String dies = "";
  private boolean goesOn;
  private int cut;

  StandInCopies() throws IOException {
    append(EventCodec.fromJson(EventCodec.JSON.readTree(CREATED)));
    say("hello");
  }

  void say(String text) {
    append(new UserEvent.Message("sevt_" + source.size(), List.of(ContentBlock.text(text))));
  }

  private void append(Event event) {
    source.add(LogRecord.of(source.size(), AT.plusSeconds(source.size()), 0, event));
  }

  /** The next call of this kind is not done, and fails for good. */
  void diesAt(String call) {
    dies = call;
  }

  /** The source takes one more message just before it is to be moved, once. */
  void goesOnBeforeItIsMoved() {
    goesOn = true;
  }

  /** Exports end so many bytes early. */
  void cut(int bytes) {
    cut = bytes;
  }

  byte[] file() {
    SessionFileWriter writer = new SessionFileWriter();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long head = source.getLast().seq();
    out.writeBytes(
        writer.header(
            FileHeader.of("uid", "team-a", "fix", "coder", "default", null, Map.of(), head, AT)
                .withBudget(Budget.ofCents("250"))));
    source.forEach(record -> out.writeBytes(writer.record(record)));
    out.writeBytes(writer.end());
    return out.toByteArray();
  }

  @Override
  public synchronized void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath().substring(PATH.length());
      byte[] body = exchange.getRequestBody().readAllBytes();
      String call = call(exchange.getRequestMethod(), path);
      if (call.equals(dies)) {
        dies = "";
        answer(exchange, 500, error("the server died"));
        return;
      }
      switch (call) {
        case "export" -> {
          byte[] file = file();
          send(exchange, 200, Arrays.copyOf(file, file.length - cut));
        }
        case "begin" -> {
          String key = exchange.getRequestHeaders().getFirst("idempotency-key");
          wish = EventCodec.JSON.readTree(body);
          calls.add("begin " + wish.path("name").asText());
          brought.computeIfAbsent(key, _ -> new ArrayList<>());
          answer(exchange, 200, standing(key));
        }
        case "records" -> records(exchange, key(path), body);
        case "end" -> {
          JsonNode json = EventCodec.JSON.readTree(body);
          calls.add("end " + json.path("kind").asText() + " " + json.path("head").asLong());
          complete.add(key(path));
          answer(exchange, 200, standing(key(path)));
        }
        case "move" -> move(exchange, EventCodec.JSON.readTree(body));
        default -> {
          calls.add(call + " " + new String(body, StandardCharsets.UTF_8));
          answer(
              exchange,
              200,
              EventCodec.JSON.createObjectNode().put("id", "sesn_fork").put("name", "forked"));
        }
      }
    }
  }

  private static String call(String method, String path) {
    if (path.isEmpty()) {
      return "begin";
    }
    String last = path.substring(path.lastIndexOf('/') + 1);
    return last.equals("log") ? (method.equals("GET") ? "export" : "records") : last;
  }

  private static String key(String path) {
    return path.split("/")[1].replaceFirst("_", " ");
  }

  private ObjectNode standing(String key) {
    return EventCodec.JSON
        .createObjectNode()
        .put("id", key.replace(" ", "_"))
        .put("complete", complete.contains(key));
  }

  private void records(HttpExchange exchange, String key, byte[] body) throws IOException {
    List<String> lines = new String(body, StandardCharsets.UTF_8).lines().toList();
    calls.add("records " + lines.size());
    List<String> all = brought.get(key);
    for (String line : lines) {
      int seq = EventCodec.JSON.readTree(line).path("seq").asInt();
      if (seq == all.size()) {
        all.add(line);
      }
    }
    answer(exchange, 200, standing(key));
  }

  private void move(HttpExchange exchange, JsonNode body) throws IOException {
    if (goesOn) {
      goesOn = false;
      say("wait, one more");
    }
    calls.add(
        "move " + body.path("head").asLong() + " " + body.path("target").path("name").asText());
    boolean moved = source.getLast().event() instanceof InternalEvent.Moved;
    if (!moved && body.path("head").asLong() != source.getLast().seq()) {
      exchange.getResponseHeaders().add("x-should-retry", "false");
      answer(exchange, 409, error("copy the rest"));
      return;
    }
    if (!moved) {
      append(new InternalEvent.Moved("sevt_moved", body.path("target")));
    }
    answer(exchange, 200, EventCodec.JSON.createObjectNode());
  }

  private static ObjectNode error(String sentence) {
    ObjectNode body = EventCodec.JSON.createObjectNode();
    body.putObject("error").put("message", sentence);
    return body;
  }

  private static void answer(HttpExchange exchange, int status, JsonNode body) throws IOException {
    if (status == 500) {
      exchange.getResponseHeaders().add("x-should-retry", "false");
    }
    send(exchange, status, EventCodec.JSON.writeValueAsBytes(body));
  }

  private static void send(HttpExchange exchange, int status, byte[] bytes) throws IOException {
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
