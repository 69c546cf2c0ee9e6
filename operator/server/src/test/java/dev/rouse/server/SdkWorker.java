package dev.rouse.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Does what the workers of the official SDKs do, call by call (contract §1.4): polls and
 * acknowledges with the environment's key; then, with the item's token, beats, reads the session,
 * opens the stream, lists the history, runs every call that has no answer, posts results, and stops
 * the item by force. Knows no class of ours.
 */
public final class SdkWorker implements AutoCloseable {

  /** An answer. */
  public record Answer(int status, JsonNode json) {}

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration BETWEEN_POLLS = Duration.ofMillis(200);
  static final Duration BETWEEN_TRIES = Duration.ofMillis(500);
  private static final Duration ANSWER = Duration.ofSeconds(60);

  private final HttpClient http;
  private final String base;
  private final String environment;
  private final String key;
  private final String name;
  private final Duration maxIdle;
  private final Function<JsonNode, String> tools;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final List<String> executed = new CopyOnWriteArrayList<>();
  private final List<Integer> beats = new CopyOnWriteArrayList<>();

  /**
   * @param http trusts the server
   * @param base the API's address, without {@code /v1}
   * @param environment the environment's id
   * @param key the environment's key
   * @param name what the worker calls itself
   * @param maxIdle how long it stays with a session whose turn is over; the SDKs take a minute
   * @param tools runs a call, the event as it came
   */
  public SdkWorker(
      HttpClient http,
      URI base,
      String environment,
      String key,
      String name,
      Duration maxIdle,
      Function<JsonNode, String> tools) {
    this.http = http;
    this.base = base.toString();
    this.environment = environment;
    this.key = key;
    this.name = name;
    this.maxIdle = maxIdle;
    this.tools = tools;
  }

  /** Ids of the calls that were run, in order, each as often as it was. */
  public List<String> executed() {
    return List.copyOf(executed);
  }

  /** The status of each heartbeat. */
  public List<Integer> beats() {
    return List.copyOf(beats);
  }

  boolean isStopped() {
    return stopped.get();
  }

  void beat(int status) {
    beats.add(status);
  }

  /** Polls and works beside the caller until it is closed. */
  public SdkWorker start() {
    Thread.ofVirtual()
        .name("worker-" + name)
        .start(() -> {
          while (!stopped.get()) {
            try {
              if (!runOnce()) {
                pause(BETWEEN_POLLS);
              }
            } catch (UncheckedIOException e) {
              // The SDKs go on after what passes by itself.
              pause(BETWEEN_TRIES);
            }
          }
        });
    return this;
  }

  /** Polls once and works on what there is. @return whether there was something */
  public boolean runOnce() {
    Optional<JsonNode> item = poll();
    item.ifPresent(this::serve);
    return item.isPresent();
  }

  /** Claims and acknowledges an item. */
  public Optional<JsonNode> poll() {
    Answer answer = call("GET", work() + "/poll?block_ms=999", key, null);
    if (answer.status() != 200 || answer.json().isNull()) {
      return Optional.empty();
    }
    Answer acknowledged = call("POST", item(answer.json()) + "/ack", key, null);
    if (acknowledged.status() != 200) {
      // The SDKs give up an item that they cannot acknowledge.
      call("POST", item(answer.json()) + "/stop", key, "{\"force\":true}");
      return Optional.empty();
    }
    return Optional.of(answer.json());
  }

  /** The token within an item's secret. */
  public static String token(JsonNode item) {
    try {
      byte[] secret = Base64.getUrlDecoder().decode(item.path("secret").asText());
      return JSON.readTree(secret).path("sessions_token").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Works on a claimed item until the session is done or the lease is lost. */
  public void serve(JsonNode item) {
    String token = token(item);
    SdkWorkerLease lease = new SdkWorkerLease(this, item, token);
    try (SdkWorkerLease _ = lease.start()) {
      String session = "/v1/sessions/" + item.at("/data/id").asText();
      Answer there = call("GET", session, token, null);
      if (there.status() == 200 && !there.json().path("status").asText().equals("terminated")) {
        run(session, token, lease);
      }
    }
    if (!lease.isLost()) {
      call("POST", item(item) + "/stop", token, "{\"force\":true}");
    }
  }

  private void run(String session, String token, SdkWorkerLease lease) {
    Set<String> answered = new HashSet<>();
    long idleSince = 0;
    while (!lease.isOver() && !stopped.get()) {
      try (SdkWorkerFeed feed = open(session + "/events/stream", token)) {
        boolean[] idle = {false};
        for (JsonNode call : unanswered(session, token, answered, idle)) {
          execute(session, token, call, answered, lease);
          idle[0] = false;
        }
        idleSince = idle[0] ? System.nanoTime() : 0;
        while (!lease.isOver() && !stopped.get()) {
          Optional<JsonNode> event = feed.next(Duration.ofMillis(200));
          if (event.isEmpty()) {
            if (feed.hasEnded()) {
              break;
            }
            if (idleSince != 0 && System.nanoTime() - idleSince > maxIdle.toNanos()) {
              return;
            }
            continue;
          }
          String type = event.get().path("type").asText();
          if (type.equals("session.status_terminated") || type.equals("session.deleted")) {
            return;
          }
          idleSince = endsTurn(event.get()) ? System.nanoTime() : 0;
          if (type.equals("agent.tool_use") || type.equals("user.tool_confirmation")) {
            for (JsonNode call : unanswered(session, token, answered, idle)) {
              execute(session, token, call, answered, lease);
            }
          }
        }
      } catch (UncheckedIOException e) {
        pause(BETWEEN_TRIES);
      }
    }
  }

  private static boolean endsTurn(JsonNode event) {
    return event.path("type").asText().equals("session.status_idle")
        && !event.at("/stop_reason/type").asText().equals("requires_action");
  }

  /** Calls without an answer that may run, by the whole history. */
  private List<JsonNode> unanswered(
      String session, String token, Set<String> answered, boolean[] idle) {
    Answer history = call("GET", session + "/events?limit=1000", token, null);
    if (history.status() != 200) {
      throw new UncheckedIOException(new IOException("history: " + history));
    }
    Map<String, JsonNode> open = new LinkedHashMap<>();
    Map<String, String> confirmed = new LinkedHashMap<>();
    for (JsonNode event : history.json().path("data")) {
      switch (event.path("type").asText()) {
        case "agent.tool_use" -> open.put(event.path("id").asText(), event);
        case "user.tool_result" -> answered.add(event.path("tool_use_id").asText());
        case "user.tool_confirmation" ->
            confirmed.put(event.path("tool_use_id").asText(), event.path("result").asText());
        default -> {}
      }
      idle[0] = endsTurn(event);
    }
    List<JsonNode> calls = new ArrayList<>();
    open.forEach((id, call) -> {
      String permission = call.path("evaluated_permission").asText("allow");
      boolean allowed =
          permission.equals("allow")
              || (permission.equals("ask") && "allow".equals(confirmed.get(id)));
      if (allowed && !answered.contains(id)) {
        calls.add(call);
      }
    });
    return calls;
  }

  private void execute(
      String session, String token, JsonNode call, Set<String> answered, SdkWorkerLease lease) {
    String id = call.path("id").asText();
    if (lease.isOver() || answered.contains(id)) {
      return;
    }
    executed.add(id);
    String text;
    boolean error = false;
    try {
      text = tools.apply(call);
    } catch (RuntimeException e) {
      text = String.valueOf(e.getMessage());
      error = true;
    }
    ObjectNode result =
        JSON.createObjectNode()
            .put("type", "user.tool_result")
            .put("tool_use_id", id)
            .put("is_error", error);
    result.putArray("content").addObject().put("type", "text").put("text", text);
    ObjectNode body = JSON.createObjectNode();
    body.putArray("events").add(result);
    while (!lease.isOver() && !stopped.get()) {
      try {
        Answer sent = call("POST", session + "/events", token, body.toString());
        if (sent.status() == 200) {
          answered.add(id);
          return;
        }
        if (sent.status() < 500 && sent.status() != 409 && sent.status() != 429) {
          return;
        }
      } catch (UncheckedIOException e) {
        // Sent again: the first that arrives counts.
      }
      pause(BETWEEN_TRIES);
    }
  }

  private String work() {
    return "/v1/environments/" + environment + "/work";
  }

  static String item(JsonNode item) {
    return "/v1/environments/"
        + item.path("environment_id").asText()
        + "/work/"
        + item.path("id").asText();
  }

  /** One request as the SDKs make it. @param body JSON; null for none */
  public Answer call(String method, String path, String credential, String body) {
    HttpRequest request =
        request(path, credential)
            .header("content-type", "application/json")
            .header("anthropic-worker-id", name)
            .timeout(ANSWER)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      return new Answer(response.statusCode(), JSON.readTree(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private HttpRequest.Builder request(String path, String credential) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .header("authorization", "Bearer " + credential)
        .header("anthropic-version", "2026-10-21")
        .header("anthropic-beta", "managed-agents-2026-04-01");
  }

  private SdkWorkerFeed open(String path, String credential) {
    try {
      HttpResponse<InputStream> response =
          http.send(request(path, credential).GET().build(), BodyHandlers.ofInputStream());
      if (response.statusCode() != 200) {
        throw new IOException("stream: " + response.statusCode());
      }
      return new SdkWorkerFeed(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static void pause(Duration time) {
    try {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops working; what is claimed is left as it is, as by a worker that dies. */
  @Override
  public void close() {
    stopped.set(true);
  }
}
