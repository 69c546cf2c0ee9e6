package dev.rouse.controller.metrics;

import dev.rouse.api.probe.MetricsPage;
import dev.rouse.api.probe.Scrape;
import dev.rouse.controller.fake.FakeCluster;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The page for people names every metric and label of the operator, and no other. */
class MetricsDocsTest {

  @Test
  void thePageSaysWhatTheOperatorTells() throws Exception {
    // Given
    try (FakeCluster cluster = new FakeCluster()) {
      cluster.startOperator(Map.of());
      // When
      cluster.apply(
          """
          apiVersion: rouse.dev/v1alpha1
          kind: Environment
          metadata: {name: box}
          spec: {}
          """);
      Awaitility.await("it was looked at")
          .atMost(60, TimeUnit.SECONDS)
          .until(() -> cluster.metrics().contains("rouse_reconciliation_seconds_count"));
      // Then
      MetricsPage.assertSays("operator", Scrape.of(cluster.metrics()));
    }
  }
}
