package dev.rouse.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.probe.Scrape;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How much a server tells does not depend on how many sessions it serves. */
class SeriesTest {

  private static final int MANY = 20;

  /** As many as a Prometheus takes without noticing; most are buckets. */
  private static final int MOST = 1500;

  @Test
  void manySessionsAreNoMoreSeriesThanOne() throws Exception {
    // Given
    try (Workload workload = new Workload()) {
      workload.session(0);
      Set<String> one = workload.scrape().ours();
      // When
      IntStream.range(1, MANY).forEach(workload::session);
      // Then
      Scrape scrape = workload.scrape();
      assertThat(scrape.ours()).isEqualTo(one);
      assertThat(scrape.value("rouse_sessions_begun_total{origin=\"new\"}")).isEqualTo(MANY);
      assertThat(scrape.value("rouse_turns_started_total")).isEqualTo(MANY);
      assertThat(scrape.value("rouse_turns_ended_total{stop_reason=\"end_turn\"}")).isEqualTo(MANY);
      assertThat(scrape.value("rouse_wakes_total{reason=\"restart\"}")).isEqualTo(MANY);
      assertThat(scrape.value("rouse_brain_refusals_total{call=\"commits\",code=\"fenced\"}"))
          .isEqualTo(MANY);
      assertThat(scrape.value("rouse_tool_calls_total{outcome=\"error\",tool=\"bash\"}"))
          .isEqualTo(MANY);
      assertThat(scrape.value("rouse_http_requests_total{route=\"other\",status=\"4xx\"}"))
          .isEqualTo(2 * MANY);
      assertThat(scrape.value("rouse_model_cost_dollars_total{provider=\"anthropic\"}"))
          .isPositive();
    }
  }

  @Test
  void theyAreNotTooManyEvenIfEveryCallIsMadeAndFails() throws Exception {
    // Given
    try (Workload workload = new Workload()) {
      workload.session(0);
      // When
      Set<String> ours = workload.scrape().ours();
      // Then: a route has its times, and counts 2xx, 4xx and 5xx
      String route = "route=\"POST /v1/sessions/{session}/events\"";
      long ofOne = ours.stream().filter(it -> it.contains(route)).count() + 2;
      long others = ours.stream().filter(it -> !it.contains("route=")).count();
      assertThat(ofOne).isGreaterThan(3);
      assertThat(others + (workload.routes() + 1) * ofOne).isLessThan(MOST);
    }
  }
}
