package dev.rouse.devcluster.node.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ContainerProbesTest {

  private static final String STARTUP = "startup";
  private static final String READY = "ready";
  private static final String LIVE = "live";

  private final List<String> failing = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final AtomicInteger changes = new AtomicInteger();
  private ContainerProbes probes;

  @AfterEach
  void close() {
    probes.close();
  }

  @Test
  void withoutProbesAContainerIsReadyAtOnce() {
    // Given nothing to ask

    // When
    start("{name: c}");

    // Then
    assertThat(probes.hasStarted()).isTrue();
    assertThat(probes.isReady()).isTrue();
  }

  @Test
  void asksNothingElseBeforeTheStartupProbePasses() {
    // Given
    failing.add(STARTUP);
    start(
        "{name: c, startupProbe: {periodSeconds: 1, exec: {command: [startup]}}, livenessProbe: {periodSeconds: 1, exec: {command: [live]}}}");
    await("asked").until(() -> asked.size() >= 2);
    assertThat(asked).containsOnly(STARTUP);

    // When
    failing.clear();

    // Then
    await("started").until(probes::hasStarted);
    await("liveness asked").until(() -> asked.contains(LIVE));
  }

  @Test
  void seesReadinessWellBeforeALongPeriodIsOver() {
    // Given
    failing.add(READY);
    start("{name: c, readinessProbe: {periodSeconds: 600, exec: {command: [ready]}}}");
    await("asked").until(() -> !asked.isEmpty());

    // When
    failing.clear();

    // Then
    await("ready").atMost(Duration.ofSeconds(60)).until(probes::isReady);
    assertThat(changes).hasPositiveValue();
  }

  @Test
  void losesReadinessAtTheThresholdAndGainsItBack() {
    // Given
    start(
        "{name: c, readinessProbe: {periodSeconds: 1, failureThreshold: 1, exec: {command: [ready]}}}");
    await("ready").until(probes::isReady);

    // When
    failing.add(READY);

    // Then
    await("not ready").until(() -> !probes.isReady());
    failing.clear();
    await("ready again").until(probes::isReady);
  }

  @Test
  void callsAContainerUnhealthyOnlyAtTheThreshold() {
    // Given
    failing.add(LIVE);

    // When
    start(
        "{name: c, livenessProbe: {periodSeconds: 1, failureThreshold: 2, exec: {command: [live]}}}");

    // Then
    await("unhealthy").until(() -> probes.unhealthy().isPresent());
    assertThat(asked).hasSize(2);
    assertThat(probes.unhealthy().orElseThrow()).contains("liveness");
  }

  private void start(String yaml) {
    Container container = Serialization.unmarshal("---\n" + yaml, Container.class);
    probes = new ContainerProbes(container, this::ask, new Counting()).start();
  }

  private ProbeResult ask(Probe probe) {
    String name = probe.getExec().getCommand().getFirst();
    asked.add(name);
    return failing.contains(name) ? new ProbeResult.Failure("no") : new ProbeResult.Success();
  }

  private final class Counting implements ContainerProbes.Listener {
    @Override
    public void changed() {
      changes.incrementAndGet();
    }

    @Override
    public void failed(ContainerProbes.Kind kind, String message) {
      changes.incrementAndGet();
    }
  }
}
