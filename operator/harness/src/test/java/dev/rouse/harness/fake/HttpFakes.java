package dev.rouse.harness.fake;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.rouse.harness.hands.HandsRefused;
import dev.rouse.harness.server.Refused;
import dev.rouse.session.EventCodec;
import dev.rouse.session.LogRecord;
import dev.rouse.session.protocol.BrainProtocol.CommitRequest;
import dev.rouse.session.protocol.BrainProtocol.Deltas;
import dev.rouse.session.protocol.BrainProtocol.Hands;
import dev.rouse.session.protocol.BrainProtocol.HandsPending;
import dev.rouse.session.protocol.BrainProtocol.HandsRequest;
import dev.rouse.session.protocol.BrainProtocol.WakeRequest;
import dev.rouse.session.protocol.HandsProtocol.Epoch;
import dev.rouse.session.protocol.HandsProtocol.Execution;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;

/**
 * A session's server and hands over real HTTP, as both internal protocols say. A bearer token is
 * the pod's uid; the first question for hands is answered with "not yet".
 */
public final class HttpFakes implements AutoCloseable {

  public final List<Deltas> deltas = new CopyOnWriteArrayList<>();

  private final FakeSession session;
  private final FakeHands hands;
  private final HttpServer server;
  private final HttpServer handsServer;
  private final AtomicBoolean askedForHands = new AtomicBoolean();

  /**
   * @param tls the server's certificate, or null for plain HTTP
   */
  public HttpFakes(FakeSession session, FakeHands hands, SSLContext tls) throws IOException {
    this.session = session;
    this.hands = hands;
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    if (tls == null) {
      server = HttpServer.create(any, 0);
    } else {
      HttpsServer secure = HttpsServer.create(any, 0);
      secure.setHttpsConfigurator(new HttpsConfigurator(tls));
      server = secure;
    }
    handsServer = HttpServer.create(any, 0);
    String prefix = "/internal/v1/sessions/" + FakeSession.UID + "/";
    serve(server, prefix + "wake", this::wake);
    serve(server, prefix + "records", this::records);
    serve(server, prefix + "commits", this::commit);
    serve(server, prefix + "hands", this::hands);
    serve(server, prefix + "deltas", this::deltas);
    serve(handsServer, "/v1/epoch", this::epoch);
    serve(handsServer, "/v1/executions/", this::execution);
  }

  private interface Handler {
    void handle(HttpExchange exchange)
        throws IOException, Refused, HandsRefused, InterruptedException;
  }

  private static void serve(HttpServer server, String path, Handler handler) {
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        path,
        exchange -> {
          try {
            handler.handle(exchange);
          } catch (Refused e) {
            answer(exchange, 409, e.refusal());
          } catch (HandsRefused e) {
            answer(exchange, 409, e.refusal());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            exchange.close();
          }
        });
  }

  public void start() {
    server.start();
    handsServer.start();
  }

  public String url() {
    String scheme = server instanceof HttpsServer ? "https" : "http";
    return scheme + "://127.0.0.1:" + server.getAddress().getPort();
  }

  private static String token(HttpExchange exchange) {
    return exchange.getRequestHeaders().getFirst("Authorization").substring("Bearer ".length());
  }

  private static <T> T read(HttpExchange exchange, Class<T> type) throws IOException {
    return EventCodec.JSON.readValue(exchange.getRequestBody().readAllBytes(), type);
  }

  private static void answer(HttpExchange exchange, int status, Object body) throws IOException {
    byte[] bytes = EventCodec.JSON.writeValueAsBytes(body);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private void wake(HttpExchange exchange) throws IOException, Refused {
    answer(exchange, 200, session.wake(token(exchange), read(exchange, WakeRequest.class).why()));
  }

  private void records(HttpExchange exchange) throws IOException, Refused, InterruptedException {
    String query = exchange.getRequestURI().getQuery();
    long from = Long.parseLong(query.replaceAll(".*from=(\\d+).*", "$1"));
    if (!query.contains("follow=true")) {
      StringBuilder lines = new StringBuilder();
      for (LogRecord record : session.read(from)) {
        lines.append(EventCodec.JSON.writeValueAsString(record)).append('\n');
      }
      byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
      return;
    }
    exchange.sendResponseHeaders(200, 0);
    long next = from;
    while (true) {
      StringBuilder events = new StringBuilder(": still here\n\n");
      for (LogRecord record : session.awaitFrom(next)) {
        events
            .append("id: ")
            .append(record.seq())
            .append("\ndata: ")
            .append(EventCodec.JSON.writeValueAsString(record))
            .append("\n\n");
        next = record.seq() + 1;
      }
      exchange.getResponseBody().write(events.toString().getBytes(StandardCharsets.UTF_8));
      exchange.getResponseBody().flush();
    }
  }

  private void commit(HttpExchange exchange) throws IOException, Refused {
    answer(exchange, 200, session.commit(token(exchange), read(exchange, CommitRequest.class)));
  }

  private void hands(HttpExchange exchange) throws IOException, Refused {
    session.requireCurrent(token(exchange));
    HandsRequest request = read(exchange, HandsRequest.class);
    if (askedForHands.compareAndSet(false, true)) {
      answer(exchange, 202, new HandsPending(1, "the pod is being made"));
      return;
    }
    Hands current = hands.current(request.gone());
    answer(
        exchange,
        200,
        new Hands(
            current.generation(),
            "http://127.0.0.1:" + handsServer.getAddress().getPort(),
            current.ticket(),
            current.lastExit()));
  }

  private void deltas(HttpExchange exchange) throws IOException {
    deltas.add(read(exchange, Deltas.class));
    exchange.sendResponseHeaders(204, -1);
  }

  private void epoch(HttpExchange exchange) throws IOException, HandsRefused {
    answer(exchange, 200, hands.raiseEpoch(here(), read(exchange, Epoch.class).epoch()));
  }

  private Hands here() {
    return hands.current(null);
  }

  private void execution(HttpExchange exchange) throws IOException, HandsRefused {
    String id = exchange.getRequestURI().getPath().substring("/v1/executions/".length());
    if (exchange.getRequestMethod().equals("DELETE")) {
      hands.cancel(here(), id);
      exchange.sendResponseHeaders(204, -1);
      return;
    }
    Execution execution = read(exchange, Execution.class);
    if (!token(exchange).equals("ticket")) {
      exchange.sendResponseHeaders(403, -1);
      return;
    }
    answer(exchange, 200, hands.execute(here(), id, execution));
  }

  @Override
  public void close() {
    server.stop(0);
    handsServer.stop(0);
  }
}
