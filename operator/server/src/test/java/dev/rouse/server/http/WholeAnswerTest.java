package dev.rouse.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.server.http.HttpEdge.Listen;
import dev.rouse.session.Ids;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An answer that is nothing unless it is whole, and requests that are none. */
@Timeout(30)
class WholeAnswerTest {

  private HttpEdge edge;
  private final HttpClient client = HttpClient.newHttpClient();

  private void start(CallHandler handler) throws IOException {
    edge =
        HttpEdge.start(
            new Listen("127.0.0.1", 0, null),
            handler,
            (call, status, message) -> call.answerText(status, message),
            Ids.random());
  }

  @AfterEach
  void stop() {
    edge.close();
    client.close();
  }

  private HttpResponse<String> get() throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + "/x"))
            .version(HttpClient.Version.HTTP_1_1)
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void whatIsCutDoesNotPassForTheWhole() throws Exception {
    // Given
    start(call -> {
      try (ResponseStream out = call.whole("text/plain")) {
        out.write("a part".getBytes(StandardCharsets.UTF_8));
        out.cut();
      }
    });
    // When
    // Then
    assertThatThrownBy(this::get).isInstanceOf(IOException.class);
  }

  @Test
  void aServerThatStopsLetsItComeToItsEnd() throws Exception {
    // Given
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch draining = new CountDownLatch(1);
    start(call -> {
      try (ResponseStream out = call.whole("text/plain")) {
        out.write("one ".getBytes(StandardCharsets.UTF_8));
        begun.countDown();
        draining.await();
        out.write("two".getBytes(StandardCharsets.UTF_8));
      }
    });
    CompletableFuture<String> answer =
        client
            .sendAsync(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + "/x"))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .thenApply(HttpResponse::body);
    begun.await();
    // When
    Thread drain =
        Thread.startVirtualThread(() -> {
          try {
            edge.drain(Duration.ofSeconds(20));
          } catch (Exception e) {
            answer.completeExceptionally(e);
          }
        });
    org.awaitility.Awaitility.await().until(edge::isDraining);
    draining.countDown();
    // Then
    assertThat(answer.get()).isEqualTo("one two");
    drain.join();
  }

  @Test
  void whatIsNoRequestGetsAnAnswerWithAnId() throws Exception {
    // Given
    start(call -> call.answerText(200, "ok"));
    // When
    String line = say("GET /" + "x".repeat(40_000) + " HTTP/1.1\r\nhost: x\r\n\r\n");
    String headers = say("GET / HTTP/1.1\r\nhost: x\r\nx-a: " + "x".repeat(40_000) + "\r\n\r\n");
    String noise = say("nonsense\r\n\r\n");
    // Then
    assertThat(line).contains(" 414 ").containsIgnoringCase("request-id: req_");
    assertThat(headers).contains(" 431 ").containsIgnoringCase("request-id: req_");
    assertThat(noise).contains(" 400 ").containsIgnoringCase("request-id: req_");
  }

  @Test
  void aQueryThatCannotBeReadIsKnownBeforeItIsAsked() throws Exception {
    // Given
    start(call -> call.answerText(call.hasReadableQuery() ? 200 : 400, "seen"));
    // When
    String broken = say("GET /x?page=%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    // Then
    assertThat(broken).contains(" 400 ");
  }

  private String say(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", edge.port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = new byte[4096];
      int length = socket.getInputStream().readNBytes(answer, 0, 200);
      return new String(answer, 0, length, StandardCharsets.US_ASCII);
    }
  }
}
