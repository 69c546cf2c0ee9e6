package dev.rouse.api.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeServerTest {

  private static final String HERE = "127.0.0.1:0";

  private static HttpResponse<String> send(ProbeServer server, String method, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:%d%s".formatted(server.port(), path));
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()).build(),
          BodyHandlers.ofString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/healthz, false, 200",
    "/readyz, false, 503",
    "/readyz, true, 200",
    "/healthz/more, true, 404",
    "/metrics, true, 404"
  })
  void probes(String path, boolean ready, int status) throws Exception {
    // Given
    try (ProbeServer server = ProbeServer.start("LISTEN", HERE, () -> ready)) {
      // When
      int answer = send(server, "GET", path).statusCode();
      // Then
      assertThat(answer).isEqualTo(status);
    }
  }

  @Test
  void metricsAreAskedForAtEachRequest() throws Exception {
    // Given
    StringBuilder now = new StringBuilder("a 1\n");
    try (ProbeServer server = ProbeServer.start("LISTEN", HERE, () -> false, now::toString)) {
      HttpResponse<String> before = send(server, "GET", "/metrics");
      now.append("b 2\n");
      // When
      HttpResponse<String> after = send(server, "GET", "/metrics");
      // Then
      assertThat(before.body()).isEqualTo("a 1\n");
      assertThat(after.body()).isEqualTo("a 1\nb 2\n");
      assertThat(after.headers().firstValue("content-type"))
          .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
      assertThat(send(server, "GET", "/readyz").statusCode()).isEqualTo(503);
    }
  }

  @ParameterizedTest
  @CsvSource({"HEAD, 200", "POST, 405"})
  void nothingIsTaken(String method, int status) throws Exception {
    // Given
    try (ProbeServer server = ProbeServer.start("LISTEN", HERE, () -> true)) {
      // When
      HttpResponse<String> answer = send(server, method, "/healthz");
      // Then
      assertThat(answer.statusCode()).isEqualTo(status);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"8080", "localhost", "localhost:http", ":8080", "127.0.0.1:99999"})
  void anAddressThatCannotBeListenedOnIsNamedWithItsSetting(String listen) {
    assertThatThrownBy(() -> ProbeServer.start("ROUSE_HEALTH_LISTEN", listen, () -> true))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ROUSE_HEALTH_LISTEN")
        .hasMessageContaining(listen);
  }

  @Test
  void anAddressInUseIsNamedWithItsSetting() throws Exception {
    // Given
    try (ProbeServer first = ProbeServer.start("LISTEN", HERE, () -> true)) {
      String taken = "127.0.0.1:" + first.port();
      // When
      assertThatThrownBy(() -> ProbeServer.start("ROUSE_METRICS_LISTEN", taken, () -> true))
          // Then
          .isInstanceOf(IOException.class)
          .hasMessageContaining("ROUSE_METRICS_LISTEN");
    }
  }
}
