package dev.rouse.devcluster.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import dev.rouse.devcluster.model.protocol.Endpoint;
import dev.rouse.devcluster.model.protocol.Protocol;
import dev.rouse.devcluster.model.talk.Answer;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/chat/completions}. */
public final class ChatProtocol implements Protocol {

  private final InstantSource clock;

  public ChatProtocol(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public String path() {
    return "/v1/chat/completions";
  }

  @Override
  public String requestIdHeader() {
    return "x-request-id";
  }

  @Override
  public String answerPrefix() {
    return "chatcmpl";
  }

  @Override
  public Optional<String> key(Headers headers) {
    return Endpoint.bearer(headers);
  }

  @Override
  public Request read(Headers headers, JsonNode body) {
    return ChatReader.read(body);
  }

  @Override
  public ObjectNode error(int status, String message, String requestId) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("error")
        .put("message", message)
        .put("type", status < 500 ? "invalid_request_error" : "server_error")
        .putNull("param")
        .put("code", code(status));
    return body;
  }

  private static @Nullable String code(int status) {
    return switch (status) {
      case 401 -> "invalid_api_key";
      case 404 -> "model_not_found";
      case 429 -> "rate_limit_exceeded";
      default -> null;
    };
  }

  @Override
  public ObjectNode whole(Outgoing outside, Answer answer) {
    return Completions.whole(outside, clock.instant(), answer);
  }

  @Override
  public List<Event> stream(Outgoing outside, Answer answer, boolean countTokens) {
    return Completions.stream(outside, clock.instant(), answer, countTokens);
  }

  @Override
  public Event broken(ObjectNode error) {
    return new Event("", error.toString(), Event.Place.OUTSIDE);
  }
}
