package dev.rouse.devcluster.model.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.rouse.devcluster.model.judge.FaultException;
import dev.rouse.devcluster.model.judge.FaultKind;
import dev.rouse.devcluster.model.ledger.Call.Outcome;
import dev.rouse.devcluster.model.ledger.Ledger;
import dev.rouse.devcluster.model.stage.Director;
import dev.rouse.devcluster.model.stage.IdSource;
import dev.rouse.devcluster.model.stage.Pauses;
import dev.rouse.devcluster.model.stage.Performance;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST} to a protocol's path: reads the request, lets the director find the answer, and
 * writes it. Requests that are wrong are answered like the real service does and noted as faults.
 */
public final class Endpoint implements HttpHandler {

  private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LARGEST_BODY = 32 << 20;

  private final Protocol protocol;
  private final Director director;
  private final Ledger ledger;
  private final IdSource ids;
  private final Pauses pauses;
  private final @Nullable String key;

  /**
   * Makes the endpoint.
   *
   * @param key the only API key to accept, or null to accept any
   */
  public Endpoint(
      Protocol protocol,
      Director director,
      Ledger ledger,
      IdSource ids,
      Pauses pauses,
      @Nullable String key) {
    this.protocol = protocol;
    this.director = director;
    this.ledger = ledger;
    this.ids = ids;
    this.pauses = pauses;
    this.key = key;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    var reply = new Reply(protocol, exchange, ids.next("req"), pauses);
    if (!exchange.getRequestURI().getPath().equals(protocol.path())) {
      reply.error(404, "Not found");
    } else if (!exchange.getRequestMethod().equals("POST")) {
      reply.error(405, "Method Not Allowed");
    } else if (!authenticated(exchange)) {
      reply.error(401, "invalid API key");
    } else {
      byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
      if (body.length > LARGEST_BODY) {
        reply.error(413, "Request exceeds the maximum allowed number of bytes.");
      } else {
        answer(exchange, body, reply);
      }
    }
  }

  private void answer(HttpExchange exchange, byte[] body, Reply reply) throws IOException {
    JsonNode json = JSON.missingNode();
    Protocol.Request request;
    Performance performance;
    try {
      json = parse(body);
      request = protocol.read(exchange.getRequestHeaders(), json);
      performance = director.perform(request.conversation(), reply.requestId());
    } catch (FaultException fault) {
      refuse(fault, json.path("model").asText(), reply);
      return;
    } catch (RuntimeException e) {
      LOG.atError()
          .addKeyValue("request", reply.requestId())
          .setCause(e)
          .log("the scripted model failed");
      ledger.fault(
          reply.requestId(),
          json.path("model").asText(),
          FaultKind.MODEL_BROKEN.word(),
          String.valueOf(e));
      reply.error(500, "Internal server error");
      return;
    }
    String model = request.conversation().model();
    var outside =
        new Protocol.Outgoing(ids.next(protocol.answerPrefix()), model, Pieces.tokens(body.length));
    try {
      Outcome outcome =
          request.stream()
              ? reply.stream(performance, outside, request.countTokens())
              : reply.whole(performance, outside);
      performance.ended(outcome);
    } finally {
      performance.ended(Outcome.ABANDONED);
    }
  }

  private void refuse(FaultException fault, String model, Reply reply) throws IOException {
    ledger.fault(reply.requestId(), model, fault.kind().word(), fault.message());
    LOG.atWarn()
        .addKeyValue("request", reply.requestId())
        .addKeyValue("fault", fault.kind().word())
        .log("a request was wrong; GET /faults tells more");
    reply.error(fault.kind() == FaultKind.UNKNOWN_MODEL ? 404 : 400, fault.message());
  }

  private static JsonNode parse(byte[] body) throws IOException {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new FaultException(
          FaultKind.UNREADABLE, "The request body is not valid JSON: " + e.getOriginalMessage());
    }
  }

  private boolean authenticated(HttpExchange exchange) {
    if (key == null) {
      return true;
    }
    return protocol
        .key(exchange.getRequestHeaders())
        .map(given ->
            MessageDigest.isEqual(
                given.getBytes(StandardCharsets.UTF_8), key.getBytes(StandardCharsets.UTF_8)))
        .orElse(false);
  }

  /** The token of an {@code authorization} header. */
  public static Optional<String> bearer(Headers headers) {
    return Optional.ofNullable(headers.getFirst("Authorization"))
        .filter(value -> value.startsWith("Bearer "))
        .map(value -> value.substring("Bearer ".length()));
  }
}
