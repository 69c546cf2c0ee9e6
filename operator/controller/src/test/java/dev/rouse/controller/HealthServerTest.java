package dev.rouse.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HealthServerTest {

  @ParameterizedTest
  @CsvSource({"/healthz, false, 200", "/readyz, false, 503", "/readyz, true, 200"})
  void probes(String path, boolean ready, int status) throws Exception {
    // Given
    try (HealthServer server = HealthServer.start("127.0.0.1:0", () -> ready);
        HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(server.port(), path)))
              .build();
      // When
      int answer = http.send(request, BodyHandlers.discarding()).statusCode();
      // Then
      assertThat(answer).isEqualTo(status);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"8080", "localhost", "localhost:http"})
  void anAddressWithoutHostAndPortIsRefused(String listen) {
    assertThatThrownBy(() -> HealthServer.start(listen, () -> true))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ROUSE_HEALTH_LISTEN");
  }
}
