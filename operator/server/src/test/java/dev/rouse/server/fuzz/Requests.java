package dev.rouse.server.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.key.EnvironmentKey;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Random requests of the operations that the OpenAPI document has: right, nearly right and wrong.
 */
final class Requests {

  /**
   * A caller: whose token, and in which workspace they may do everything, or all that workers may.
   */
  record Caller(String token, String workspace, String other) {

    boolean isWorker() {
      return EnvironmentKey.isMeantBy(token);
    }
  }

  /**
   * A request.
   *
   * @param sound whether all of its body is as the document says
   * @param body as text, for checks
   */
  record Request(String method, String path, byte[] bytes, boolean sound, String body) {

    String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private record Operation(String method, String path, JsonNode json) {

    boolean isForWorkers() {
      return json.path("x-rouse-rights").toString().contains("environment key");
    }
  }

  private static final Map<String, String> KINDS =
      Map.ofEntries(
          Map.entry("agent", "agent"),
          Map.entry("agent_id", "agent"),
          Map.entry("environment", "env"),
          Map.entry("environment_id", "env"),
          Map.entry("work", "work"),
          Map.entry("session", "sesn"),
          Map.entry("thread", "sthr"),
          Map.entry("session_thread_id", "sthr"),
          Map.entry("tool_use_id", "sevt"),
          Map.entry("custom_tool_use_id", "sevt"),
          Map.entry("event_id", "sevt"),
          Map.entry("page", "page"));

  private final JsonNode document;
  private final Random random;
  private final Known known;
  private final Junk junk;
  private final List<Operation> operations = new ArrayList<>();

  Requests(JsonNode document, Random random, Known known) {
    this.document = document;
    this.random = random;
    this.known = known;
    this.junk = new Junk(random);
    document
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(verb -> {
                  if (verb.getValue().has("x-rouse-rights")) {
                    operations.add(
                        new Operation(
                            verb.getKey().toUpperCase(Locale.ROOT),
                            path.getKey(),
                            verb.getValue()));
                  }
                }));
  }

  private boolean oneIn(int chances) {
    return random.nextInt(chances) == 0;
  }

  /** Any, but of those that workers are refused they ask a few only. */
  private Operation operation(Caller caller) {
    List<Operation> among =
        caller.isWorker() && !oneIn(8)
            ? operations.stream().filter(Operation::isForWorkers).toList()
            : operations;
    return among.get(random.nextInt(among.size()));
  }

  Request next(Caller caller) {
    Operation operation = operation(caller);
    // What removes things is asked for less often, or nothing would grow.
    if (operation.path().matches(".*/(archive|move)") || operation.method().equals("DELETE")) {
      operation = operation(caller);
    }
    StringBuilder head = new StringBuilder();
    String method = oneIn(50) ? "PATCH" : operation.method();
    String path = path(operation, caller);
    head.append(method).append(' ').append(path).append(query(operation, caller));
    head.append(" HTTP/1.1\r\nHost: fuzz\r\nConnection: close\r\n");
    headers(head, operation, caller);
    Values values = new Values(document, random, field -> meaning(field, caller));
    JsonNode media = operation.json().path("requestBody").path("content");
    byte[] body = new byte[0];
    boolean sound = false;
    if (!media.isMissingNode()) {
      JsonNode schema = media.elements().next().path("schema");
      JsonNode json = values.of(schema);
      int how = random.nextInt(10);
      sound = how < 6;
      body =
          how == 9
              ? junk.bytes(json)
              : (sound ? json : junk.spoil(json)).toString().getBytes(StandardCharsets.UTF_8);
    } else if (oneIn(10)) {
      body = junk.bytes(values.of(document.at("/components/schemas/AgentCreation")));
    }
    if (body.length > 0 || operation.method().equals("POST")) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    all.writeBytes(body);
    return new Request(
        method, path, all.toByteArray(), sound, new String(body, StandardCharsets.UTF_8));
  }

  private Optional<String> meaning(String field, Caller caller) {
    String workspace = oneIn(15) ? caller.other() : caller.workspace();
    return Optional.ofNullable(KINDS.get(field)).map(kind -> known.any(random, workspace, kind));
  }

  private String path(Operation operation, Caller caller) {
    StringBuilder path = new StringBuilder();
    for (String part : operation.path().substring(1).split("/")) {
      path.append('/');
      if (!part.startsWith("{")) {
        path.append(oneIn(300) ? junk.word() : part);
      } else if (oneIn(12)) {
        path.append(junk.word());
      } else {
        path.append(meaning(part.substring(1, part.length() - 1), caller).orElseThrow());
      }
    }
    return path.append(oneIn(100) ? "/" : "").toString();
  }

  private String query(Operation operation, Caller caller) {
    List<String> pairs = new ArrayList<>();
    Values values = new Values(document, random, field -> meaning(field, caller));
    for (JsonNode given : operation.json().path("parameters")) {
      JsonNode parameter =
          given.has("$ref") ? document.at(given.path("$ref").asText().substring(1)) : given;
      String name = parameter.path("name").asText();
      if (!parameter.path("in").asText().equals("query") || random.nextInt(4) != 0) {
        continue;
      }
      String value = oneIn(4) ? junk.word() : encode(value(parameter.path("schema"), name, values));
      pairs.add((random.nextBoolean() ? encode(name) : name) + "=" + value);
    }
    if (oneIn(40)) {
      pairs.add(junk.word());
    }
    return pairs.isEmpty() ? "" : "?" + String.join("&", pairs);
  }

  private static String value(JsonNode schema, String name, Values values) {
    return switch (schema.path("type").asText()) {
      case "string" -> schema.has("enum") ? values.of(schema).asText() : values.text(schema, name);
      case "array" -> values.of(schema.path("items")).asText();
      default -> values.of(schema).asText();
    };
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private void headers(StringBuilder head, Operation operation, Caller caller) {
    if (oneIn(60)) {
      head.append("Authorization: ")
          .append(oneIn(2) ? "Bearer " : "Basic ")
          .append(junk.word())
          .append("\r\n");
    } else {
      head.append(oneIn(4) ? "x-api-key: " : "Authorization: Bearer ")
          .append(caller.token())
          .append("\r\n");
    }
    if (oneIn(8)) {
      head.append("anthropic-workspace-id: ")
          .append(oneIn(3) ? junk.word() : oneIn(3) ? caller.other() : caller.workspace())
          .append("\r\n");
    }
    if (oneIn(4)) {
      head.append("anthropic-beta: ")
          .append(oneIn(2) ? junk.word() : "managed-agents-2026-04-01")
          .append("\r\n");
    }
    if (operation.method().equals("POST") && oneIn(3)) {
      head.append("Idempotency-Key: ")
          .append(oneIn(20) ? junk.word() : "key-" + random.nextInt(30))
          .append("\r\n");
    }
    if (oneIn(200)) {
      head.append("x-large: ").append("y".repeat(random.nextInt(60_000))).append("\r\n");
    }
    if (oneIn(50)) {
      head.append("no colon\r\n");
    }
  }
}
