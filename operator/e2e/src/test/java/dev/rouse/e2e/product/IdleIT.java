package dev.rouse.e2e.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.e2e.cluster.AuditedRequest;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.SharedCluster;
import dev.rouse.e2e.cluster.WorkSession;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What idle sessions cost. Runs when all other tests are done: theirs are idle, too. */
@ExtendWith(SharedCluster.class)
@Order(Integer.MAX_VALUE)
class IdleIT {

  private static final Duration QUIET = Duration.ofSeconds(60);

  private final Cluster cluster;

  IdleIT(Cluster cluster) {
    this.cluster = cluster;
  }

  @Tag("failure-10")
  @Test
  void idleSessionsHaveNoPodAndCauseNoWrites() {
    // Given
    WorkSession session = cluster.namespace("idle").work("idle", "rest well");
    session.awaitAnswer("Both pieces are done: rest well");
    await("no session has a pod")
        .atMost(WorkSession.PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(() ->
            cluster
                .client()
                .pods()
                .inAnyNamespace()
                .withLabel(Rouse.SESSION_LABEL)
                .list()
                .getItems()
                .isEmpty());
    int sessions =
        cluster.client().resources(Session.class).inAnyNamespace().list().getItems().size();

    // When
    await("a minute without a write of ours, beside " + sessions + " idle sessions")
        .atMost(QUIET.multipliedBy(3))
        .pollInterval(Duration.ofSeconds(3))
        .untilAsserted(() -> {
          Instant since = Instant.now().minus(QUIET);
          assertThat(AuditedRequest.first(cluster).at()).isBefore(since);
          assertThat(AuditedRequest.all(cluster, it -> isWrite(it, since))).isEmpty();
        });

    // Then
    assertThat(
            cluster
                .client()
                .pods()
                .inAnyNamespace()
                .withLabel(Rouse.SESSION_LABEL)
                .list()
                .getItems())
        .isEmpty();
    assertThat(session.log()).isNotEmpty();
  }

  /** Writes of server and operator, and of anybody to a session. */
  private static boolean isWrite(AuditedRequest request, Instant since) {
    return request.at().isAfter(since)
        && request.isWrite()
        && (request.component().isPresent() || request.resource().startsWith("sessions"));
  }
}
