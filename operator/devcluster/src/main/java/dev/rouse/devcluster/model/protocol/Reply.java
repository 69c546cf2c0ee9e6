package dev.rouse.devcluster.model.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.rouse.devcluster.model.ledger.Call.Outcome;
import dev.rouse.devcluster.model.protocol.Protocol.Event;
import dev.rouse.devcluster.model.protocol.Protocol.Event.Place;
import dev.rouse.devcluster.model.protocol.Protocol.Outgoing;
import dev.rouse.devcluster.model.script.Pace;
import dev.rouse.devcluster.model.script.Trouble;
import dev.rouse.devcluster.model.stage.Pauses;
import dev.rouse.devcluster.model.stage.Performance;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes the response to one request. An exception that leaves this class makes the HTTP server
 * close the connection at once: that is how a connection is cut.
 */
final class Reply {

  private static final String OVERLOADED = "Overloaded";
  private static final int OVERLOADED_STATUS = 529;

  private final Protocol protocol;
  private final HttpExchange exchange;
  private final String requestId;
  private final Pauses pauses;

  Reply(Protocol protocol, HttpExchange exchange, String requestId, Pauses pauses) {
    this.protocol = protocol;
    this.exchange = exchange;
    this.requestId = requestId;
    this.pauses = pauses;
    exchange.getResponseHeaders().set(protocol.requestIdHeader(), requestId);
  }

  String requestId() {
    return requestId;
  }

  void error(int status, String message) throws IOException {
    json(status, protocol.error(status, message, requestId));
  }

  /** Answers with one JSON body. */
  Outcome whole(Performance performance, Outgoing outside) throws IOException {
    wait(performance.pace());
    ObjectNode body = protocol.whole(outside, performance.answer());
    return switch (performance.trouble().orElse(null)) {
      case null -> {
        performance.aboutToEnd();
        json(200, body);
        yield Outcome.ANSWERED;
      }
      case Trouble.Refuse refuse -> refuse(refuse);
      case Trouble.Break _ -> refuse(new Trouble.Refuse(OVERLOADED_STATUS, null));
      case Trouble.Cut _ -> {
        byte[] bytes = bytes(body);
        OutputStream out = open("application/json", bytes.length);
        out.write(bytes, 0, bytes.length / 2);
        out.flush();
        throw cut(performance);
      }
    };
  }

  /** Answers with a stream of events. */
  Outcome stream(Performance performance, Outgoing outside, boolean countTokens)
      throws IOException {
    wait(performance.pace());
    List<Event> events = protocol.stream(outside, performance.answer(), countTokens);
    return switch (performance.trouble().orElse(null)) {
      case null -> {
        OutputStream out = openStream();
        send(events, performance, out);
        out.close();
        yield Outcome.ANSWERED;
      }
      case Trouble.Refuse refuse -> refuse(refuse);
      case Trouble.Break(var count) -> {
        OutputStream out = openStream();
        send(beginning(events, count), performance, out);
        write(protocol.broken(protocol.error(OVERLOADED_STATUS, OVERLOADED, requestId)), out);
        out.close();
        yield Outcome.REFUSED;
      }
      case Trouble.Cut(var count) -> {
        if (count > 0) {
          send(beginning(events, count), performance, openStream());
        }
        throw cut(performance);
      }
    };
  }

  /** Trouble must come before the end, or the caller has its answer. */
  private static List<Event> beginning(List<Event> events, int count) {
    return events.stream().takeWhile(event -> event.place() != Place.END).limit(count).toList();
  }

  private static IOException cut(Performance performance) {
    performance.ended(Outcome.CUT);
    return new IOException("cut, as the script wants");
  }

  private Outcome refuse(Trouble.Refuse refuse) throws IOException {
    if (refuse.retryAfter() != null) {
      exchange
          .getResponseHeaders()
          .set("retry-after", String.valueOf(refuse.retryAfter().toSeconds()));
    }
    error(
        refuse.status(),
        refuse.status() == OVERLOADED_STATUS ? OVERLOADED : "refused, as the script wants");
    return Outcome.REFUSED;
  }

  private void wait(Pace pace) throws IOException {
    pauses.pause(pace.delay());
    if (pace.hold() != null) {
      pauses.awaitFile(pace.hold());
    }
  }

  private void send(List<Event> events, Performance performance, OutputStream out)
      throws IOException {
    boolean ending = false;
    for (Event event : events) {
      if (event.place() == Place.PIECE) {
        pauses.pause(performance.pace().chunkDelay());
      }
      if (event.place() == Place.END && !ending) {
        ending = true;
        performance.aboutToEnd();
      }
      write(event, out);
    }
  }

  private static void write(Event event, OutputStream out) throws IOException {
    String name = event.name().isEmpty() ? "" : "event: %s\n".formatted(event.name());
    out.write((name + "data: %s\n\n".formatted(event.data())).getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private OutputStream openStream() throws IOException {
    exchange.getResponseHeaders().set("cache-control", "no-cache");
    return open("text/event-stream; charset=utf-8", 0);
  }

  private void json(int status, ObjectNode body) throws IOException {
    byte[] bytes = bytes(body);
    exchange.getResponseHeaders().set("content-type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  /** The length is in bytes; 0 means that it is not known. */
  private OutputStream open(String contentType, long length) throws IOException {
    exchange.getResponseHeaders().set("content-type", contentType);
    exchange.sendResponseHeaders(200, length);
    return exchange.getResponseBody();
  }

  private static byte[] bytes(ObjectNode body) {
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }
}
