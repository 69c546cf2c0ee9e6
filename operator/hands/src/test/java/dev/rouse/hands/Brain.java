package dev.rouse.hands;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.EventCodec;
import dev.rouse.session.protocol.HandsProtocol.Epoch;
import dev.rouse.session.protocol.HandsProtocol.Execution;
import dev.rouse.session.protocol.HandsProtocol.Instance;
import dev.rouse.session.protocol.HandsProtocol.Outcome;
import dev.rouse.session.protocol.HandsProtocol.Refusal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Plays a brain of one epoch over real HTTP. */
final class Brain {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient http = HttpClient.newHttpClient();
  private final String address;
  private final String ticket;
  private final int epoch;
  private String instance = "none yet";

  Brain(String address, String ticket, int epoch) {
    this.address = address;
    this.ticket = ticket;
    this.epoch = epoch;
  }

  /** A brain that has raised the epoch and knows the instance. */
  static Brain awake(String address, Keys keys, int epoch) {
    Brain brain = new Brain(address, keys.ticket(epoch), epoch);
    brain.wake();
    return brain;
  }

  Answer wake() {
    Answer answer = put("/v1/epoch", new Epoch(epoch));
    if (answer.status() == 200) {
      instance = answer.as(Instance.class).instance();
    }
    return answer;
  }

  String instance() {
    return instance;
  }

  Answer execute(String id, String tool, String input) {
    return put("/v1/executions/" + id, call(tool, input));
  }

  Answer bash(String id, String command) {
    return execute(
        id, "bash", EventCodec.JSON.createObjectNode().put("command", command).toString());
  }

  CompletableFuture<Answer> bashLater(String id, String command) {
    return CompletableFuture.supplyAsync(
        () -> bash(id, command), runnable -> Thread.ofVirtual().start(runnable));
  }

  Execution call(String tool, String input) {
    try {
      return new Execution(
          epoch, instance, tool, (ObjectNode) EventCodec.JSON.readTree(input), 60_000);
    } catch (IOException e) {
      throw new IllegalArgumentException(input, e);
    }
  }

  Answer cancel(String id) {
    return send(request("/v1/executions/" + id).DELETE());
  }

  Answer put(String path, Object body) {
    return send(request(path).PUT(json(body)));
  }

  Answer health() {
    return send(HttpRequest.newBuilder(URI.create(address + "/healthz")));
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address + path))
        .timeout(PATIENCE)
        .header("authorization", "Bearer " + ticket);
  }

  Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
      return new Answer(response.statusCode(), response.body());
    } catch (IOException e) {
      return new Answer(Answer.NONE, e.toString().getBytes(StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static BodyPublisher json(Object body) {
    try {
      return BodyPublishers.ofByteArray(EventCodec.JSON.writeValueAsBytes(body));
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** What came back; status {@link #NONE} if the connection broke. */
  record Answer(int status, byte[] body) {

    static final int NONE = 0;

    <T> T as(Class<T> type) {
      try {
        return EventCodec.JSON.readValue(body, type);
      } catch (IOException e) {
        throw new AssertionError("not a " + type + ": " + this, e);
      }
    }

    Outcome outcome() {
      if (status != 200) {
        throw new AssertionError("no outcome: " + this);
      }
      return as(Outcome.class);
    }

    Refusal refusal() {
      if (status == 200 || status == NONE) {
        throw new AssertionError("no refusal: " + this);
      }
      return as(Refusal.class);
    }

    String text() {
      return ContentBlock.textOf(outcome().content());
    }

    @Override
    public String toString() {
      return status + " " + new String(body, StandardCharsets.UTF_8);
    }
  }
}
