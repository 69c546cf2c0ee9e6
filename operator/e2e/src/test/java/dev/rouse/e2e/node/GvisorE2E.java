package dev.rouse.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.rouse.e2e.bed.Release;
import dev.rouse.e2e.bed.SharedBed;
import java.io.IOException;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A sandbox with a kernel of its own, where the machine has one to give. */
@ExtendWith(SharedBed.class)
@Order(70)
class GvisorE2E {

  private final Team team;

  GvisorE2E(Release release) throws IOException {
    this.team = Team.create(release, "gvisor");
  }

  @Test
  void handsRunUnderGvisor() throws Exception {
    // Given
    if (!team.bed().hasGvisor()) {
      abort(
          "NOT TRIED: no runsc with containerd-shim-runsc-v1 on the path, so nothing is said about gVisor");
    }
    team.bed()
        .applyYaml(
            """
            apiVersion: node.k8s.io/v1
            kind: RuntimeClass
            metadata: {name: gvisor}
            handler: runsc
            ---
            apiVersion: rouse.dev/v1alpha1
            kind: Environment
            metadata: {name: gvisor, namespace: gvisor}
            spec: {runtimeClassName: gvisor, linger: PT1S}
            """);

    // When
    PodSession session = team.shell("gvisor", "gvisor", "dmesg | head -n 3");

    // Then
    session.awaitAnswer("It says:");
    assertThat(session.lastWords()).contains("gVisor");
  }
}
