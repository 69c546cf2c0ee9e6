package dev.rouse.server.metrics;

import dev.rouse.api.probe.MetricsPage;
import org.junit.jupiter.api.Test;

/** The page for people names every metric and label of a server, and no other. */
class MetricsDocsTest {

  @Test
  void thePageSaysWhatAServerTells() throws Exception {
    // Given
    try (Workload workload = new Workload()) {
      // When
      workload.session(0);
      // Then
      MetricsPage.assertSays("server", workload.scrape());
    }
  }
}
