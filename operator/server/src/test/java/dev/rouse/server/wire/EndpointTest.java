package dev.rouse.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** People write roles against this table: a change here is a change of the API. */
class EndpointTest {

  @Test
  void eachEndpointNeedsThisRight() {
    assertThat(
            Arrays.stream(Endpoint.values())
                .map(it ->
                    it.method()
                        + " "
                        + it.path()
                        + ": "
                        + it.access("team-a", "review").describe()))
        .containsExactly(
            "GET /v1/sessions/{session}: get sessions",
            "GET /v1/sessions/{session}/events: list sessions/events",
            "GET /v1/sessions/{session}/events/stream: watch sessions/events");
  }

  @Test
  void noEndpointIsBothThereAndAnnounced() {
    for (Endpoint endpoint : Endpoint.values()) {
      String path = endpoint.path().text().replace("{session}", "x");
      assertThat(LaterEndpoint.of(endpoint.method(), path)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST,/v1/sessions",
    "POST,/v1/sessions/x/events",
    "GET,/v1/agents",
    "POST,/v1/agents/x/archive",
    "DELETE,/v1/environments/x",
    "GET,/v1/sessions/x/threads/y/stream"
  })
  void whatComesLaterIsAnnounced(String method, String path) {
    assertThat(LaterEndpoint.of(method, path).orElseThrow().message())
        .startsWith("not available yet: ");
  }
}
