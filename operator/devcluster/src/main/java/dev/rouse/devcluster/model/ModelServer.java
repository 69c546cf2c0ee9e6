package dev.rouse.devcluster.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rouse.devcluster.model.anthropic.MessagesProtocol;
import dev.rouse.devcluster.model.ledger.Call;
import dev.rouse.devcluster.model.ledger.Fault;
import dev.rouse.devcluster.model.ledger.Ledger;
import dev.rouse.devcluster.model.openai.ChatProtocol;
import dev.rouse.devcluster.model.protocol.Endpoint;
import dev.rouse.devcluster.model.protocol.Protocol;
import dev.rouse.devcluster.model.script.ScriptLoader;
import dev.rouse.devcluster.model.stage.Director;
import dev.rouse.devcluster.model.stage.IdSource;
import dev.rouse.devcluster.model.stage.Pauses;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server of the scripted model.
 *
 * <ul>
 *   <li>{@code POST /v1/messages}: the Anthropic Messages protocol
 *   <li>{@code POST /v1/chat/completions}: the OpenAI chat completions protocol
 *   <li>{@code GET /calls}: a JSON list of every {@link Call}, in order
 *   <li>{@code GET /faults}: a JSON list of every {@link Fault}, in order
 *   <li>{@code GET /healthz}: 200 when it serves
 * </ul>
 */
public final class ModelServer implements AutoCloseable {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  /**
   * What a server needs to know.
   *
   * @param scripts the directory of the scripts
   * @param listen where to listen; port 0 takes a free one
   * @param record the file in which calls, faults and fingerprints outlive the process, or null
   * @param key the only API key to accept, or null to accept any
   */
  public record Settings(
      Path scripts, InetSocketAddress listen, @Nullable Path record, @Nullable String key) {}

  private final HttpServer http;
  private final ExecutorService threads;
  private final Pauses pauses;
  private final Ledger ledger;

  private ModelServer(HttpServer http, ExecutorService threads, Pauses pauses, Ledger ledger) {
    this.http = http;
    this.threads = threads;
    this.pauses = pauses;
    this.ledger = ledger;
  }

  /**
   * Starts a server.
   *
   * @throws dev.rouse.devcluster.model.script.ScriptException if a script is not right
   * @throws IOException if the address is taken, or the scripts or the record cannot be read
   */
  public static ModelServer start(Settings settings, Clock clock, IdSource ids) throws IOException {
    var scripts = ScriptLoader.loadAll(settings.scripts());
    var ledger =
        settings.record() == null
            ? Ledger.inMemory(clock)
            : Ledger.recordedIn(settings.record(), clock);
    var director = new Director(scripts, ledger, ids);
    var pauses = new Pauses();
    var http = HttpServer.create(settings.listen(), 0);
    var threads = Executors.newVirtualThreadPerTaskExecutor();
    http.setExecutor(threads);
    for (Protocol protocol : List.of(new MessagesProtocol(), new ChatProtocol(clock))) {
      http.createContext(
          protocol.path(), new Endpoint(protocol, director, ledger, ids, pauses, settings.key()));
    }
    var server = new ModelServer(http, threads, pauses, ledger);
    server.show("/calls", server::calls);
    server.show("/faults", server::faults);
    server.show("/healthz", () -> "ok");
    http.start();
    return server;
  }

  /** Where it listens, such as {@code http://127.0.0.1:40123}. */
  public URI url() {
    return URI.create(
        "http://%s:%d"
            .formatted(
                http.getAddress().getAddress().getHostAddress(), http.getAddress().getPort()));
  }

  public List<Call> calls() {
    return ledger.calls();
  }

  public List<Fault> faults() {
    return ledger.faults();
  }

  /** Ends every connection at once; calls under way count as abandoned. */
  @Override
  public void close() throws IOException {
    pauses.close();
    http.stop(0);
    threads.close();
    ledger.close();
  }

  private void show(String path, Supplier<?> content) {
    http.createContext(path, exchange -> respond(exchange, JSON.writeValueAsBytes(content.get())));
  }

  private static void respond(HttpExchange exchange, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("content-type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }
}
