package dev.rouse.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rouse.server.TestClient;
import dev.rouse.session.Ids;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpEdgeTest {

  private HttpEdge edge;

  private TestClient start(CallHandler handler) throws IOException {
    edge =
        HttpEdge.start(
            new HttpEdge.Listen("127.0.0.1", 0, null),
            handler,
            Call::answerText,
            Ids.random(),
            Duration.ofMillis(300),
            Duration.ofMillis(300));
    return new TestClient(edge.port(), "token");
  }

  @AfterEach
  void stop() {
    if (edge != null) {
      edge.close();
    }
  }

  @Test
  void everyAnswerHasARequestId() throws Exception {
    // Given
    TestClient client = start(call -> call.answerText(200, call.requestId()));
    // When
    TestClient.Answer answer = client.get("/x");
    // Then
    assertThat(answer.response().body().strip())
        .isEqualTo(answer.header("request-id").orElseThrow())
        .startsWith("req_");
  }

  @Test
  void anAccidentIs500WithoutItsInsides() throws Exception {
    // Given
    TestClient client =
        start(call -> {
          throw new IllegalStateException("secret detail");
        });
    // When
    TestClient.Answer answer = client.get("/x");
    // Then
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.response().body())
        .contains(answer.header("request-id").orElseThrow())
        .doesNotContain("secret");
  }

  @Test
  void callsRunOnVirtualThreadsAndMayBlock() throws Exception {
    // Given 200 calls that all wait for the last one
    CountDownLatch all = new CountDownLatch(200);
    TestClient client =
        start(call -> {
          all.countDown();
          all.await();
          call.answerText(200, "" + Thread.currentThread().isVirtual());
        });
    // When
    var answers =
        java.util.stream.IntStream.range(0, 200)
            .mapToObj(_ -> async(() -> client.get("/x").response().body().strip()))
            .toList();
    // Then
    assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isEqualTo("true"));
  }

  private static CompletableFuture<String> async(java.util.function.Supplier<String> work) {
    CompletableFuture<String> result = new CompletableFuture<>();
    Thread.startVirtualThread(() -> result.complete(work.get()));
    return result;
  }

  @Test
  void aBodyIsTakenUpToItsLimit() throws Exception {
    // Given
    TestClient client =
        start(call -> {
          try {
            call.answerText(200, "" + call.body(10).length);
          } catch (BodyRefused e) {
            call.answerText(413, e.getMessage());
          }
        });
    // When
    // Then
    assertThat(client.post("/x", "12345678").response().body().strip()).isEqualTo("10");
    assertThat(client.post("/x", "123456789").status()).isEqualTo(413);
    assertThat(client.post("/x", "1").status()).isEqualTo(200);
  }

  @Test
  void aBodyOfUnknownLengthIsCutAtItsLimit() throws Exception {
    // Given
    AtomicReference<BodyRefused.Why> why = new AtomicReference<>();
    start(call -> {
      try {
        call.body(10_000);
      } catch (BodyRefused e) {
        why.set(e.why());
        call.answerText(413, "too large");
      }
    });
    try (Socket socket = new Socket("127.0.0.1", edge.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          "POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      // When
      byte[] chunk = ("400\r\n" + "x".repeat(1024) + "\r\n").getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < 12; i++) {
        out.write(chunk);
      }
      out.flush();
      // Then
      String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      assertThat(answer).isEqualTo("HTTP/1.1 413");
      assertThat(why.get()).isEqualTo(BodyRefused.Why.TOO_LARGE);
    }
  }

  @Test
  void nothingOfABodyIsTakenBeforeItIsAskedFor() throws Exception {
    // Given a caller without rights that sends as much as it can
    CountDownLatch refuse = new CountDownLatch(1);
    start(call -> {
      refuse.await();
      call.answerText(401, "no");
    });
    try (Socket socket = new Socket("127.0.0.1", edge.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 500000000\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      AtomicInteger sent = new AtomicInteger();
      Thread sender =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                byte[] chunk = new byte[64 * 1024];
                try {
                  while (true) {
                    out.write(chunk);
                    sent.addAndGet(chunk.length);
                  }
                } catch (IOException e) {
                  // The test is over.
                }
              });
      // When it has sent what the connection holds
      AtomicInteger last = new AtomicInteger(-1);
      await("the sender is stopped")
          .pollInterval(Duration.ofMillis(500))
          .until(() -> last.getAndSet(sent.get()) == sent.get());
      // Then
      assertThat(sent.get()).isLessThan(50_000_000);
      assertThat(sender.isAlive()).isTrue();
      refuse.countDown();
    }
  }

  @Test
  void aClientThatReadsNothingDoesNotFillTheMemory() throws Exception {
    // Given
    AtomicInteger written = new AtomicInteger();
    start(call -> {
      ResponseStream out = call.stream("text/plain");
      byte[] chunk = new byte[64 * 1024];
      while (out.offer(chunk)) {
        written.incrementAndGet();
      }
      out.cut();
    });
    try (Socket socket = new Socket("127.0.0.1", edge.port())) {
      socket
          .getOutputStream()
          .write("GET /x HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      // When it reads only after a while
      await("the writer gave up").until(() -> settled(written));
      // Then
      assertThat(written.get()).isBetween(1, 500);
      InputStream in = socket.getInputStream();
      assertThat(drain(in)).isLessThan(500L * 64 * 1024);
    }
  }

  @Test
  void aClientThatNeverReadsIsCutOff() throws Exception {
    // Given
    AtomicReference<String> end = new AtomicReference<>();
    start(call -> {
      try (ResponseStream out = call.stream("text/plain")) {
        while (true) {
          out.write(new byte[64 * 1024]);
        }
      } catch (IOException e) {
        end.set(e.getMessage());
      }
    });
    try (Socket socket = new Socket("127.0.0.1", edge.port())) {
      // When
      socket
          .getOutputStream()
          .write("GET /x HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      // Then
      await("the end").untilAsserted(() -> assertThat(end.get()).contains("read nothing"));
    }
  }

  @Test
  void aClientThatGoesIsNoticed() throws Exception {
    // Given
    AtomicReference<ResponseStream> stream = new AtomicReference<>();
    start(call -> {
      ResponseStream out = call.stream("text/plain");
      out.write(new byte[1]);
      stream.set(out);
    });
    try (Socket socket = new Socket("127.0.0.1", edge.port())) {
      socket
          .getOutputStream()
          .write("GET /x HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      await("the stream").until(() -> stream.get() != null);
    }
    // When
    // Then
    await("closed").until(() -> !stream.get().isOpen());
    assertThat(stream.get().offer(new byte[1])).isFalse();
  }

  private static long drain(InputStream in) {
    long all = 0;
    byte[] buffer = new byte[64 * 1024];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        all += n;
      }
    } catch (IOException e) {
      // Reset: the stream was cut, as it should be.
    }
    return all;
  }

  private static boolean settled(AtomicInteger value) throws InterruptedException {
    int before = value.get();
    return before > 0 && before == value.get();
  }

  @Test
  void drainingFinishesWhatIsUnderWayAndRefusesTheRest() throws Exception {
    // Given
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    TestClient client =
        start(call -> {
          begun.countDown();
          finish.await();
          call.answerText(200, "done");
        });
    CompletableFuture<String> underWay = async(() -> client.get("/x").response().body().strip());
    begun.await();
    CompletableFuture<String> draining =
        async(() -> {
          try {
            edge.drain(Duration.ofSeconds(20));
            return "drained";
          } catch (InterruptedException | TimeoutException e) {
            return e.toString();
          }
        });
    await("draining").until(edge::isDraining);
    // When
    int late = client.get("/late").status();
    finish.countDown();
    // Then
    assertThat(late).isEqualTo(503);
    assertThat(underWay.join()).isEqualTo("done");
    assertThat(draining.join()).isEqualTo("drained");
  }

  @Test
  void drainingDoesNotWaitForEver() throws Exception {
    // Given
    CountDownLatch begun = new CountDownLatch(1);
    TestClient client =
        start(call -> {
          begun.countDown();
          new CountDownLatch(1).await();
        });
    Thread.startVirtualThread(() -> client.get("/x"));
    begun.await();
    // When
    // Then
    assertThatThrownBy(() -> edge.drain(Duration.ofMillis(100)))
        .isInstanceOf(TimeoutException.class);
  }
}
