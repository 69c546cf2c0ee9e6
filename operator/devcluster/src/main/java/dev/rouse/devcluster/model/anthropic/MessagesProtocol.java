package dev.rouse.devcluster.model.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import dev.rouse.devcluster.model.judge.FaultException;
import dev.rouse.devcluster.model.judge.FaultKind;
import dev.rouse.devcluster.model.protocol.Endpoint;
import dev.rouse.devcluster.model.protocol.Protocol;
import dev.rouse.devcluster.model.talk.Answer;
import java.util.List;
import java.util.Optional;

/** {@code POST /v1/messages}. */
public final class MessagesProtocol implements Protocol {

  @Override
  public String path() {
    return "/v1/messages";
  }

  @Override
  public String requestIdHeader() {
    return "request-id";
  }

  @Override
  public String answerPrefix() {
    return "msg";
  }

  @Override
  public Optional<String> key(Headers headers) {
    return Optional.ofNullable(headers.getFirst("x-api-key")).or(() -> Endpoint.bearer(headers));
  }

  @Override
  public Request read(Headers headers, JsonNode body) {
    if (!headers.containsKey("anthropic-version")) {
      throw new FaultException(FaultKind.UNREADABLE, "anthropic-version: header is required");
    }
    return MessagesReader.read(body);
  }

  @Override
  public ObjectNode error(int status, String message, String requestId) {
    return ErrorBody.of(ErrorBody.type(status), message, requestId);
  }

  @Override
  public ObjectNode whole(Outgoing outside, Answer answer) {
    return Events.message(outside, answer);
  }

  @Override
  public List<Event> stream(Outgoing outside, Answer answer, boolean countTokens) {
    return Events.stream(outside, answer);
  }

  @Override
  public Event broken(ObjectNode error) {
    return new Event("error", error.toString(), Event.Place.OUTSIDE);
  }
}
