package dev.rouse.devcluster.node.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.devcluster.node.pod.ContainerState.Running;
import dev.rouse.devcluster.node.pod.ContainerState.Terminated;
import dev.rouse.devcluster.node.pod.ContainerState.Waiting;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhaseRuleTest {

  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

  /** Containers by letter: w waiting, b backing off, r running, 0 ended well, 1 ended badly. */
  @ParameterizedTest(name = "{0}: init {1}, main {2}, ending {3} -> {4}")
  @CsvSource({
    "NEVER,     '',  w,  false, Pending",
    "NEVER,     '',  r,  false, Running",
    "NEVER,     '',  rw, false, Pending",
    "NEVER,     '',  r0, false, Running",
    "NEVER,     '',  00, false, Succeeded",
    "NEVER,     '',  01, false, Failed",
    "ON_FAILURE,'',  1,  false, Running",
    "ON_FAILURE,'',  b,  false, Running",
    "ON_FAILURE,'',  0,  false, Succeeded",
    "ALWAYS,    '',  0,  false, Running",
    "ALWAYS,    '',  b,  false, Running",
    "ALWAYS,    '',  0,  true,  Succeeded",
    "ALWAYS,    '',  1,  true,  Failed",
    "NEVER,     r,   w,  false, Pending",
    "NEVER,     0,   r,  false, Running",
    "NEVER,     1,   w,  false, Failed",
    "ALWAYS,    1,   w,  false, Pending",
    "ON_FAILURE,b,   w,  false, Pending"
  })
  void followsTheKubelet(
      RestartPolicy policy, String init, String main, boolean ending, String expected) {
    // Given
    PodFacts facts =
        new PodFacts("127.1.1.1", T0, containers(init), containers(main), null, ending);

    // When
    String phase = PhaseRule.phase(policy, facts);

    // Then
    assertThat(phase).isEqualTo(expected);
  }

  private static List<ContainerFacts> containers(String letters) {
    return Arrays.stream(letters.split(""))
        .filter(l -> !l.isEmpty())
        .map(PhaseRuleTest::one)
        .toList();
  }

  private static ContainerFacts one(String letter) {
    Terminated bad = new Terminated(1, "Error", "", T0, T0);
    return switch (letter) {
      case "w" -> facts(new Waiting("ContainerCreating", ""), null, -1);
      case "b" -> facts(new Waiting("CrashLoopBackOff", ""), bad, 1);
      case "r" -> facts(new Running(T0), null, 0);
      case "0" -> facts(new Terminated(0, "Completed", "", T0, T0), null, 0);
      default -> facts(bad, null, 0);
    };
  }

  private static ContainerFacts facts(ContainerState state, Terminated last, int attempt) {
    return new ContainerFacts("c", "image", state, last, attempt, true, true);
  }
}
