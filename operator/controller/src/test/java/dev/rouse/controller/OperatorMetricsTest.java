package dev.rouse.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.SessionStatus.HandsWanted;
import dev.rouse.api.probe.Scrape;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the started operator counts. */
class OperatorMetricsTest extends OperatorScenario {

  private static final int MANY = 40;

  private Scrape scrape() {
    return Scrape.of(cluster.metrics());
  }

  private void awaitValue(String series, double value) {
    await(series, () -> assertThat(scrape().value(series)).isEqualTo(value));
  }

  @Test
  void aBrainFromTheNewsToItsEnd() {
    // Given
    running();
    cluster.ready(brain(1));
    await("seen ready", () -> assertThat(harness().wasReady()).isTrue());
    cluster.exited(brain(1), "brain", 137);
    await("replaced", () -> assertThat(harness().pod()).isEqualTo(brain(2)));
    cluster.ready(brain(2));
    await("seen ready", () -> assertThat(harness().wasReady()).isTrue());
    cluster.server("hello", "Idle", 9, null);
    // When
    cluster.exited(brain(2), "brain", 0);
    // Then
    awaitValue("rouse_pods_ended_total{reason=\"done\",role=\"brain\"}", 1);
    Scrape scrape = scrape();
    assertThat(scrape.value("rouse_pods_made_total{role=\"brain\"}")).isEqualTo(2);
    assertThat(scrape.value("rouse_pods_ended_total{reason=\"failed\",role=\"brain\"}"))
        .isEqualTo(1);
    assertThat(scrape.value("rouse_brain_restarts_total{reason=\"failed\"}")).isEqualTo(1);
    assertThat(scrape.value("rouse_brain_restarts_total{reason=\"done\"}")).isZero();
    assertThat(scrape.value("rouse_pod_start_seconds_count{role=\"brain\"}")).isEqualTo(2);
    assertThat(scrape.value("rouse_due_wait_seconds_count")).isEqualTo(1);
    assertThat(scrape.value("rouse_due_sessions_without_brain")).isZero();
    assertThat(scrape.value("rouse_leader")).isEqualTo(1);
    assertThat(scrape.value("rouse_reconciliations_total{controller=\"session\",outcome=\"ok\"}"))
        .isGreaterThan(3);
    awaitValue("rouse_reconciliations_waiting", 0);
    awaitValue("rouse_reconciliations_running", 0);
  }

  @Test
  void handsOfASessionThatRestsAreNotNeeded() {
    // Given
    running();
    cluster.ready(brain(1));
    cluster.server("hello", "Running", 3, new HandsWanted(1, "key"));
    await("created", () -> assertThat(cluster.podNames("hands")).containsExactly(hands(1)));
    cluster.ready(hands(1));
    await("address", () -> assertThat(hands().address()).isNotNull());
    // When
    cluster.server("hello", "Idle", 9, new HandsWanted(1, "key"));
    cluster.exited(brain(1), "brain", 0);
    // Then
    awaitValue("rouse_pods_ended_total{reason=\"unneeded\",role=\"hands\"}", 1);
    assertThat(scrape().value("rouse_pods_made_total{role=\"hands\"}")).isEqualTo(1);
    assertThat(scrape().value("rouse_pod_start_seconds_count{role=\"hands\"}")).isEqualTo(1);
  }

  @Test
  void aSessionWhoseBrainCannotBeMadeIsDueUntilItIsGone() {
    // Given
    cluster.failWhen(it -> it.startsWith("POST /api/v1/namespaces/team/pods"));
    cluster.startOperator(Map.of());
    cluster.apply(SESSION);
    cluster.server("hello", "Running", 1, null);
    awaitValue("rouse_due_sessions_without_brain", 1);
    String failures = "rouse_reconciliations_total{controller=\"session\",outcome=\"error\"}";
    await("it was tried", () -> assertThat(scrape().value(failures)).isPositive());
    // When
    cluster.client().resource(cluster.session("hello")).delete();
    // Then
    awaitValue("rouse_due_sessions_without_brain", 0);
  }

  @Test
  void moreSessionsAreNoMoreSeries() {
    // Given
    running();
    cluster.ready(brain(1));
    await("seen ready", () -> assertThat(harness().wasReady()).isTrue());
    Set<String> before = new TreeSet<>(scrape().series());
    // When
    for (int i = 0; i < MANY; i++) {
      cluster.apply(SESSION.replace("hello", "hello-" + i));
      cluster.server("hello-" + i, "Running", 1, null);
    }
    // Then
    awaitValue("rouse_pods_made_total{role=\"brain\"}", MANY + 1);
    assertThat(scrape().ours()).isSubsetOf(before);
  }
}
