package dev.rouse.e2e.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.SharedCluster;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Kills everything that can die at every point of a turn. The brains, hands, server and operator
 * are the shipped programs; they are stopped at the points by what stands between them.
 */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(1)
class KillPointsIT {

  /** For all cases together: one that hangs must not cost every other its own wait. */
  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(12);

  private final Cluster cluster;
  private final Campaign campaign;
  private final long start = System.nanoTime();

  KillPointsIT(Cluster cluster) {
    this.cluster = cluster;
    this.campaign = new Campaign(cluster);
  }

  @BeforeAll
  void start() {
    campaign.start();
  }

  @AfterAll
  void end() {
    campaign.close();
  }

  @Tag("failure-1")
  @Tag("failure-4")
  @TestFactory
  Stream<DynamicTest> aSessionLosesNothingAndDoesNothingTwice() {
    return KillCase.all().stream()
        .map(kill -> DynamicTest.dynamicTest(kill.toString(), () -> verdict(kill)));
  }

  @Tag("failure-7")
  @Test
  void theModelSawNoRequestThatAStrictProviderWouldRefuse() throws Exception {
    // Given
    for (KillCase kill : KillCase.all()) {
      campaign.verdict(kill).handle((ok, failed) -> null).get(left(), TimeUnit.NANOSECONDS);
    }

    // When
    List<String> faults = cluster.modelBooks().faults();

    // Then
    assertThat(faults).isEmpty();
  }

  private long left() {
    return Math.max(0, LONGEST_NANOS - (System.nanoTime() - start));
  }

  private void verdict(KillCase kill) throws Exception {
    try {
      campaign.verdict(kill).get(left(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AssertionError failed) {
        throw failed;
      }
      throw e;
    }
  }
}
