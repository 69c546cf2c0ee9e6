package dev.rouse.hands.http;

import com.fasterxml.jackson.core.JacksonException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rouse.hands.execution.Executions;
import dev.rouse.hands.execution.HandsStoppingException;
import dev.rouse.hands.execution.RefusedException;
import dev.rouse.hands.log.HandsLog;
import dev.rouse.session.EventCodec;
import dev.rouse.session.protocol.HandsProtocol.Code;
import dev.rouse.session.protocol.HandsProtocol.Epoch;
import dev.rouse.session.protocol.HandsProtocol.Execution;
import dev.rouse.session.protocol.HandsProtocol.Refusal;
import dev.rouse.session.protocol.Ticket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * {@link dev.rouse.session.protocol.HandsProtocol} over HTTP/1.1. It reads, checks who calls, asks
 * {@link Executions}, writes.
 */
public final class HandsServer implements AutoCloseable {

  /** No model writes an input of this size; a larger one would not fit our memory twice. */
  private static final long MAX_BODY = 8L * 1024 * 1024;

  private static final String EPOCH = "/v1/epoch";
  private static final String EXECUTIONS = "/v1/executions/";

  private final HttpServer server;
  private final ExecutorService threads;
  private final Executions executions;
  private final CallerCheck callers;
  private final HandsLog log;

  private HandsServer(
      HttpServer server,
      ExecutorService threads,
      Executions executions,
      CallerCheck callers,
      HandsLog log) {
    this.server = server;
    this.threads = threads;
    this.executions = executions;
    this.callers = callers;
    this.log = log;
  }

  /** Listens, and answers from here on. */
  public static HandsServer start(
      InetSocketAddress listen, Executions executions, CallerCheck callers, HandsLog log)
      throws IOException {
    HttpServer server = HttpServer.create(listen, 0);
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("call-", 0).factory());
    HandsServer hands = new HandsServer(server, threads, executions, callers, log);
    server.setExecutor(threads);
    server.createContext("/", hands::handle);
    server.start();
    return hands;
  }

  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void handle(HttpExchange exchange) {
    try (exchange) {
      answer(exchange);
    } catch (HandsStoppingException e) {
      // No answer: the caller sees a cut connection, and asks the hands that come next.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException callerGone) {
      log.info("a caller of %s hung up".formatted(asked(exchange)));
    } catch (RuntimeException defect) {
      log.error("a call of %s failed".formatted(asked(exchange)), defect);
    }
  }

  /** As it was sent, so that nobody writes lines of the log. */
  private static String asked(HttpExchange exchange) {
    return exchange.getRequestURI().getRawPath();
  }

  private void answer(HttpExchange exchange)
      throws IOException, HandsStoppingException, InterruptedException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/healthz")) {
      send(exchange, 200, "ok".getBytes(StandardCharsets.US_ASCII), "text/plain");
      return;
    }
    String authorization = exchange.getRequestHeaders().getFirst("authorization");
    try {
      Ticket ticket = callers.check(authorization);
      Object answer = answer(exchange, exchange.getRequestMethod() + " " + path, ticket);
      if (answer == null) {
        exchange.sendResponseHeaders(204, -1);
      } else {
        sendJson(exchange, 200, answer);
      }
    } catch (RefusedException e) {
      Refusal refusal = e.refusal();
      log.warn(
          "refused a call of %s: %s, %s"
              .formatted(asked(exchange), refusal.code(), refusal.message()));
      sendJson(exchange, status(refusal.code(), authorization != null), refusal);
    }
  }

  private @Nullable Object answer(HttpExchange exchange, String what, Ticket ticket)
      throws IOException, RefusedException, HandsStoppingException, InterruptedException {
    if (what.equals("PUT " + EPOCH)) {
      Epoch epoch = body(exchange, Epoch.class);
      requireTicketOf(epoch.epoch(), ticket);
      return executions.raiseEpoch(epoch.epoch());
    }
    if (what.startsWith("PUT " + EXECUTIONS)) {
      Execution call = body(exchange, Execution.class);
      requireComplete(call);
      requireTicketOf(call.epoch(), ticket);
      return executions.execute(what.substring(("PUT " + EXECUTIONS).length()), call);
    }
    if (what.startsWith("DELETE " + EXECUTIONS)) {
      executions.cancel(what.substring(("DELETE " + EXECUTIONS).length()), ticket.epoch());
      return null;
    }
    throw invalid(
        what
            + " is not a call of the hands: PUT "
            + EPOCH
            + ", PUT or DELETE "
            + EXECUTIONS
            + "{id}");
  }

  private static <T> T body(HttpExchange exchange, Class<T> type)
      throws IOException, RefusedException {
    LimitedStream in = new LimitedStream(exchange.getRequestBody(), MAX_BODY);
    try {
      T body = EventCodec.JSON.readValue(in, type);
      if (body == null) {
        throw invalid("the body is null, not a JSON object");
      }
      return body;
    } catch (JacksonException e) {
      throw invalid("the body is not the JSON object it should be: " + e.getOriginalMessage());
    } catch (IOException e) {
      if (in.isExceeded()) {
        throw invalid(e.getMessage() + ": write large files in parts");
      }
      throw e;
    }
  }

  private static void requireComplete(Execution call) throws RefusedException {
    // The JSON mapper leaves out what is missing; the types say that nothing may.
    requireField("instance", call.instance());
    requireField("name", call.name());
    requireField("input", call.input());
    if (call.timeoutMs() <= 0) {
      throw invalid("timeout_ms must be above 0");
    }
  }

  private static void requireField(String name, @Nullable Object value) throws RefusedException {
    if (value == null) {
      throw invalid(name + " is missing");
    }
  }

  private static void requireTicketOf(int epoch, Ticket ticket) throws RefusedException {
    if (epoch != ticket.epoch()) {
      throw new RefusedException(
          Code.FORBIDDEN,
          "the ticket is for epoch " + ticket.epoch() + ", the call is of epoch " + epoch);
    }
  }

  private static RefusedException invalid(String message) {
    return new RefusedException(Code.INVALID, message);
  }

  private static int status(Code code, boolean hasTicket) {
    return switch (code) {
      case INVALID -> 400;
      case FORBIDDEN -> hasTicket ? 403 : 401;
      case STALE_EPOCH, WRONG_INSTANCE, CANCELLED -> 409;
      case NOT_ISOLATED -> 503;
      case JOURNAL_FULL -> 507;
    };
  }

  private static void sendJson(HttpExchange exchange, int status, Object value) throws IOException {
    send(exchange, status, EventCodec.JSON.writeValueAsBytes(value), "application/json");
  }

  private static void send(HttpExchange exchange, int status, byte[] body, String type)
      throws IOException {
    exchange.getResponseHeaders().set("content-type", type);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  /** Takes no more calls and cuts those that wait. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
