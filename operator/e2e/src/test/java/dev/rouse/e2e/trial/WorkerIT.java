package dev.rouse.e2e.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Environment;
import dev.rouse.api.Rouse;
import dev.rouse.api.WireIds;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.RouseCommand;
import dev.rouse.e2e.cluster.SharedCluster;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.e2e.wire.Caller;
import dev.rouse.server.SdkWorker;
import dev.rouse.session.UserEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Sessions whose tools a worker runs, as the SDKs have it, whatever dies meanwhile. */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(11)
class WorkerIT {

  private final Cluster cluster;
  private final Namespace namespace;
  private HttpClient http;
  private String environment;
  private String key;

  @TempDir private Path workplace;

  WorkerIT(Cluster cluster) {
    this.cluster = cluster;
    this.namespace = cluster.namespace("workers");
  }

  @BeforeAll
  void makeAFarm() {
    http = Caller.http(cluster);
    namespace.apply(
        """
        apiVersion: rouse.dev/v1alpha1
        kind: Environment
        metadata: {name: farm}
        spec: {type: self_hosted, linger: PT1S}
        """);
    environment =
        WireIds.environment(
            cluster
                .client()
                .resources(Environment.class)
                .inNamespace(namespace.name())
                .withName("farm")
                .require()
                .getMetadata()
                .getUid());
    key =
        RouseCommand.of(cluster)
            .run(
                Map.of(),
                "environment-key",
                "create",
                "--environment",
                "farm",
                "-n",
                namespace.name())
            .out()
            .strip();
  }

  @AfterAll
  void disconnect() {
    http.shutdownNow();
  }

  private WorkSession session(String name, String text) {
    namespace.apply(
        """
        apiVersion: rouse.dev/v1alpha1
        kind: Session
        metadata: {name: %s}
        spec:
          agentRef: {name: worker}
          environmentRef: {name: farm}
          messages: [{id: first, text: "%s"}]
        """
            .formatted(name, text));
    return namespace.existing(name);
  }

  private SdkWorker worker(String name, CountDownLatch gate) {
    return new SdkWorker(
        http,
        cluster.serverUrl(),
        environment,
        key,
        name,
        Duration.ofSeconds(2),
        call -> run(call, gate));
  }

  /** As a bash tool does, once the gate is open. */
  private String run(JsonNode call, CountDownLatch gate) {
    try {
      gate.await();
      Process process =
          new ProcessBuilder("bash", "-c", call.at("/input/command").asText())
              .directory(workplace.toFile())
              .redirectErrorStream(true)
              .start();
      String out =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IllegalStateException(out);
      }
      return out;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aWorkerServesASessionThoughBrainAndServerDieInBetween() throws Exception {
    // Given
    CountDownLatch gate = new CountDownLatch(1);
    WorkSession session = session("killed", "say: killed");
    try (SdkWorker worker = worker("lab", gate).start()) {
      await("the worker has the first call")
          .atMost(WorkSession.PATIENCE)
          .until(() -> !worker.executed().isEmpty());
      session.awaitNoPods();

      // When
      cluster.kill("server");
      gate.countDown();
      session.brain().kill();

      // Then
      session.awaitAnswer("Both pieces are done: say: killed");
      assertThat(Files.readAllLines(workplace.resolve("works.log")))
          .as("executions")
          .containsExactly("first", "second");
      assertThat(worker.executed()).doesNotHaveDuplicates().hasSize(2);
      assertThat(worker.beats()).contains(200).doesNotContain(412);
      assertThat(results(session)).hasSize(2);
      assertThat(session.status().hands()).as("hands").isNull();
      assertThat(
              cluster
                  .client()
                  .persistentVolumeClaims()
                  .inNamespace(namespace.name())
                  .list()
                  .getItems())
          .isEmpty();
      await("the worker leaves")
          .atMost(WorkSession.PATIENCE)
          .until(() -> states().equals(List.of("stopped")));
    }
  }

  private static List<String> results(WorkSession session) {
    return session.log().stream()
        .filter(record -> record.event() instanceof UserEvent.ToolResult)
        .map(record -> ((UserEvent.ToolResult) record.event()).toolUseId())
        .toList();
  }

  /** Of all work items. */
  private List<String> states() {
    return cluster
        .client()
        .leases()
        .inNamespace(namespace.name())
        .withLabel(Rouse.WORK_LABEL)
        .list()
        .getItems()
        .stream()
        .map(lease -> lease.getMetadata().getAnnotations().get(Rouse.WORK_LABEL + "-state"))
        .toList();
  }
}
