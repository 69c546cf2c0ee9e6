package dev.rouse.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathTemplateTest {

  private final PathTemplate template = new PathTemplate("/v1/sessions/{id}/events");

  @Test
  void givesWhatStandsInThePlaces() {
    assertThat(template.match("/v1/sessions/sesn_1/events").orElseThrow())
        .containsExactly("sesn_1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/sessions//events",
        "/v1/sessions/x/events/",
        "/v1/sessions/x",
        "/v1/sessions/x/y/events",
        "v1/sessions/x/events",
        "/"
      })
  void matchesWholePathsOnly(String path) {
    assertThat(template.match(path)).isEmpty();
  }
}
