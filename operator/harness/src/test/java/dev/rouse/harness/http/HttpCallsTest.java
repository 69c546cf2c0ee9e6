package dev.rouse.harness.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.harness.fake.ModelHttp;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HttpCallsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Vertx vertx = Vertx.vertx();
  private HttpCalls calls;
  private ModelHttp server;

  @BeforeEach
  void start() throws IOException {
    calls = new HttpCalls(vertx, null);
    server = new ModelHttp();
  }

  @AfterEach
  void stop() {
    calls.close();
    server.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /** The connection of an answer that has come is the next call's, whether it was read or not. */
  @Test
  void whoLeavesAnAnswerHalfReadHarmsNoLaterCall() throws Exception {
    // Given
    server.replies(ModelHttp.error(400, "invalid_request_error", "no"));
    HttpCalls.Request request =
        new HttpCalls.Request(HttpMethod.GET, server.url() + "/x", Map.of(), null, PATIENCE);

    for (int i = 0; i < 500; i++) {
      // When
      try (HttpBody body = calls.open(request)) {
        body.next(PATIENCE);
      }

      // Then
      assertThat(calls.call(request).status()).isEqualTo(400);
    }
  }
}
