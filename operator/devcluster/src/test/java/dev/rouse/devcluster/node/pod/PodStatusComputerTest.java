package dev.rouse.devcluster.node.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.devcluster.node.pod.ContainerState.Running;
import dev.rouse.devcluster.node.pod.ContainerState.Terminated;
import dev.rouse.devcluster.node.pod.ContainerState.Waiting;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Facts in, status out, compared as YAML with the files in {@code /pod-status}. */
class PodStatusComputerTest {

  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant T1 = Instant.parse("2026-01-01T00:00:01Z");
  private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");
  private static final String IP = "127.40.0.7";

  static Stream<Map.Entry<String, PodFacts>> cases() {
    Terminated failed = new Terminated(3, "Error", "boom", T0, T1);
    Terminated done = new Terminated(0, "Completed", "", T0, T1);
    return Stream.of(
        Map.entry(
            "creating",
            facts("", List.of(), List.of(one(new Waiting("ContainerCreating", ""), null, -1)))),
        Map.entry("ready", facts(IP, List.of(), List.of(one(new Running(T1), null, 0)))),
        Map.entry("failed", facts(IP, List.of(), List.of(one(failed, null, 0)))),
        Map.entry(
            "crash-loop",
            facts(
                IP,
                List.of(one(done, null, 0)),
                List.of(one(new Waiting("CrashLoopBackOff", "back-off 10s"), failed, 1)))),
        Map.entry("restarted", facts(IP, List.of(), List.of(one(new Running(T1), failed, 2)))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void matchesTheGoldenFile(Map.Entry<String, PodFacts> example) throws IOException {
    // Given
    Pod pod =
        Serialization.unmarshal(
            """
            metadata: {name: p, namespace: ns, uid: u}
            spec: {restartPolicy: %s}
            status:
              conditions:
              - {type: PodScheduled, status: "True", lastTransitionTime: "2025-01-01T00:00:00Z"}
              - {type: Initialized, status: "True", lastTransitionTime: "2025-01-01T00:00:00Z"}
            """
                .formatted(example.getKey().equals("failed") ? "Never" : "Always"),
            Pod.class);

    // When
    String yaml = Serialization.asYaml(PodStatusComputer.compute(pod, example.getValue(), NOW));

    // Then
    assertThat(yaml).isEqualTo(golden(example.getKey()));
  }

  private static String golden(String name) throws IOException {
    try (InputStream in =
        PodStatusComputerTest.class.getResourceAsStream("/pod-status/" + name + ".yaml")) {
      return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static PodFacts facts(String ip, List<ContainerFacts> init, List<ContainerFacts> main) {
    return new PodFacts(ip, T0, init, main, null, false);
  }

  private static ContainerFacts one(ContainerState state, Terminated last, int attempt) {
    boolean up = state instanceof Running;
    return new ContainerFacts("main", "rouse.dev/x:dev", state, last, attempt, up, up);
  }
}
