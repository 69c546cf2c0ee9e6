package dev.rouse.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rouse.devcluster.model.talk.Conversation;
import dev.rouse.devcluster.model.talk.Fingerprint;
import dev.rouse.devcluster.model.talk.Message;
import dev.rouse.devcluster.model.talk.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;

/** The scripted model's own account of who called it, and of what was wrong with the calls. */
public record ModelBooks(URI url) {

  /**
   * A call as the model saw it.
   *
   * @param turn of the script
   * @param at when it began
   */
  public record Call(String turn, Instant at) {}

  /** The calls of one conversation, in order; each by the turn of the script that it was given. */
  public List<String> turns(String model, String system, String firstMessage) {
    return calls(model, system, firstMessage).stream().map(Call::turn).toList();
  }

  /** The calls of one conversation, in order. */
  public List<Call> calls(String model, String system, String firstMessage) {
    Message first = new Message.User(List.of(new Part.Text(firstMessage)));
    String conversation =
        Fingerprint.prefixes(new Conversation(model, system, List.of(first), Set.of())).get(1);
    return list("/calls")
        .filter(call -> call.path("conversation").asText().equals(conversation))
        .map(call -> new Call(call.path("turn").asText(), Instant.parse(call.path("at").asText())))
        .toList();
  }

  /** How often a turn of a model's script was played, in whatever conversation. */
  public long callsOf(String model, String turn) {
    return list("/calls")
        .filter(call -> call.path("model").asText().equals(model))
        .filter(call -> call.path("turn").asText().equals(turn))
        .count();
  }

  /** Requests that a strict provider would refuse. */
  public List<String> faults() {
    return list("/faults").map(JsonNode::toString).toList();
  }

  private java.util.stream.Stream<JsonNode> list(String path) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(url.resolve(path)).build(),
              HttpResponse.BodyHandlers.ofString());
      JsonNode list = new ObjectMapper().readTree(response.body());
      return StreamSupport.stream(list.spliterator(), false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while asking the model", e);
    }
  }
}
