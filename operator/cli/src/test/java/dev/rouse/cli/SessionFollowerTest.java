package dev.rouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The follower against a server over real HTTP that cuts streams, repeats and refuses. */
@Timeout(30)
class SessionFollowerTest {

  private static final int PAGE = 3;

  private final List<Integer> log = new ArrayList<>();
  private final List<String> shown = new ArrayList<>();
  private HttpServer http;
  private int streams;
  private int refuseWith;
  private int cutsLeft;

  @BeforeEach
  void start() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/v1/sessions/sesn_1/events", this::list);
    http.createContext("/v1/sessions/sesn_1/events/stream", this::stream);
    http.start();
  }

  @AfterEach
  void stop() {
    http.stop(0);
  }

  @Test
  void shows_history_of_several_pages_and_then_what_happens() throws Exception {
    // Given
    append(8);
    // When
    follow(10);
    // Then
    assertThat(shown).hasSizeGreaterThanOrEqualTo(10).isEqualTo(ids(shown.size()));
  }

  @Test
  void shows_each_event_once_when_streams_are_cut() throws Exception {
    // Given
    append(2);
    cutsLeft = 5;
    // When
    follow(20);
    // Then
    assertThat(shown).hasSizeGreaterThanOrEqualTo(20).isEqualTo(ids(shown.size()));
    assertThat(streams).isGreaterThan(5);
  }

  @Test
  void a_refusal_ends_it_with_the_servers_sentence() {
    // Given
    refuseWith = 403;
    // When, Then
    assertThatThrownBy(() -> follow(1))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("403")
        .hasMessageContaining("you may not");
  }

  private void follow(int events) throws Exception {
    try (ServerClient server =
        new ServerClient(
            URI.create("http://127.0.0.1:" + http.getAddress().getPort()),
            SSLContext.getDefault(),
            () -> "token",
            "team-a",
            null)) {
      new SessionFollower(server, "sesn_1", false)
          .follow(
              event -> shown.add(event.path("id").asText()), () -> shown.size() >= events, _ -> {});
    }
  }

  private synchronized void append(int count) {
    for (int i = 0; i < count; i++) {
      log.add(log.size());
    }
  }

  private static List<String> ids(int count) {
    return IntStream.range(0, count).mapToObj(i -> "sevt_" + i).toList();
  }

  private static String event(int n) {
    return "{\"id\":\"sevt_%d\",\"type\":\"agent.thinking\",\"processed_at\":\"2026-01-01T00:00:00Z\"}"
        .formatted(n);
  }

  private synchronized void list(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getQuery();
    int from =
        query.contains("page=") ? Integer.parseInt(query.replaceAll(".*page=(\\d+).*", "$1")) : 0;
    int to = Math.min(log.size(), from + PAGE);
    String data =
        log.subList(from, to).stream()
            .map(SessionFollowerTest::event)
            .collect(Collectors.joining(","));
    String next = to < log.size() ? "\"" + to + "\"" : "null";
    answer(exchange, 200, "{\"data\":[" + data + "],\"next_page\":" + next + "}");
  }

  /** Each stream brings one event more, twice; then it is cut, or goes on to the end. */
  private void stream(HttpExchange exchange) throws IOException {
    if (refuseWith != 0) {
      answer(exchange, refuseWith, "{\"error\":{\"message\":\"you may not\"}}");
      return;
    }
    synchronized (this) {
      streams++;
    }
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(": connected\n\n".getBytes(StandardCharsets.UTF_8));
      out.flush();
      while (true) {
        int n;
        synchronized (this) {
          n = log.size();
          append(1);
          if (n > 100) {
            return;
          }
        }
        String frame = "event: message\ndata: " + event(n) + "\n\n";
        out.write((frame + frame).getBytes(StandardCharsets.UTF_8));
        out.flush();
        synchronized (this) {
          if (cutsLeft > 0) {
            cutsLeft--;
            return;
          }
        }
      }
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }
}
