package dev.rouse.e2e.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the kill points rest on: a request is where the hold says it is. */
class HoldingProxyTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final List<String> arrived = new CopyOnWriteArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer server;
  private HoldingProxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          arrived.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(201, 0);
          try (var out = exchange.getResponseBody()) {
            out.write("content_block_delta one ".getBytes(StandardCharsets.UTF_8));
            out.flush();
            out.write("two".getBytes(StandardCharsets.UTF_8));
          }
        });
    server.start();
    proxy =
        new HoldingProxy(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()), null, null);
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    server.stop(0);
    client.close();
  }

  @Test
  void whatNobodyHoldsPasses() {
    assertThat(send("hello").join().body()).isEqualTo("content_block_delta one two");
    assertThat(arrived).containsExactly("hello");
  }

  @Test
  void heldBeforeItHasNotArrivedAndDroppedItNeverDoes() throws Exception {
    // Given
    Hold hold = proxy.hold("x", Hold.When.BEFORE, request -> request.body().contains("lost"));
    CompletableFuture<HttpResponse<String>> lost = send("lost");
    hold.awaitHit(PATIENCE);
    assertThat(arrived).isEmpty();

    // When
    hold.drop();

    // Then
    assertThatThrownBy(lost::join).hasCauseInstanceOf(IOException.class);
    assertThat(arrived).isEmpty();
    assertThat(send("lost, said again").join().statusCode()).isEqualTo(201);
  }

  @Test
  void heldAfterItHasArrivedAndItsSenderDoesNotKnow() throws Exception {
    // Given
    Hold hold = proxy.hold("x", Hold.When.AFTER, request -> true);
    CompletableFuture<HttpResponse<String>> held = send("stored");
    hold.awaitHit(PATIENCE);
    assertThat(arrived).containsExactly("stored");
    assertThat(held).isNotDone();

    // When
    hold.release();

    // Then
    assertThat(held.join().statusCode()).isEqualTo(201);
    assertThat(hold.answers()).containsExactly(201);
  }

  @Test
  void heldDuringTheAnswerItsFirstPieceIsThere() throws Exception {
    // Given
    Hold hold = proxy.hold("x", Hold.When.DURING, request -> true);
    List<String> seen = new CopyOnWriteArrayList<>();
    CompletableFuture<HttpResponse<Void>> streamed =
        client.sendAsync(
            request("stream"),
            HttpResponse.BodyHandlers.ofByteArrayConsumer(
                bytes -> bytes.ifPresent(b -> seen.add(new String(b, StandardCharsets.UTF_8)))));
    hold.awaitHit(PATIENCE);
    await("the first piece is there")
        .atMost(PATIENCE)
        .until(() -> String.join("", seen).contains("one"));
    assertThat(String.join("", seen)).doesNotContain("two");

    // When
    hold.release();

    // Then
    streamed.join();
    assertThat(String.join("", seen)).isEqualTo("content_block_delta one two");
  }

  @Test
  void repeatedTriesAreHeldUntilNoMoreAreTaken() throws Exception {
    // Given
    Hold hold = proxy.hold("x", Hold.When.BEFORE, request -> true);
    CompletableFuture<HttpResponse<String>> first = send("first try");
    CompletableFuture<HttpResponse<String>> second = send("second try");
    await("both tries are held").atMost(PATIENCE).until(() -> hold.standing() == 2);

    // When
    hold.takeNoMore();
    HttpResponse<String> other = send("another sender").join();

    // Then
    assertThat(other.statusCode()).isEqualTo(201);
    assertThat(arrived).containsExactly("another sender");
    hold.release();
    assertThat(first.join().statusCode()).isEqualTo(201);
    assertThat(second.join().statusCode()).isEqualTo(201);
  }

  @Test
  void aPretenceAnswersAndNothingArrives() {
    // Given
    Pretence pretence = proxy.pretend("{}", request -> request.method().equals("POST"));

    // When
    HttpResponse<String> answer = send("order").join();

    // Then
    assertThat(answer.body()).isEqualTo("{}");
    assertThat(arrived).isEmpty();
    pretence.end();
    assertThat(send("order").join().statusCode()).isEqualTo(201);
  }

  private CompletableFuture<HttpResponse<String>> send(String body) {
    return client.sendAsync(request(body), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String body) {
    return HttpRequest.newBuilder(proxy.uri().resolve("/x"))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .timeout(PATIENCE)
        .build();
  }
}
