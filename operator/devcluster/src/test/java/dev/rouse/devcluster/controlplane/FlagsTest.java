package dev.rouse.devcluster.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.devcluster.pki.KeyFiles;
import dev.rouse.devcluster.pki.Machines;
import dev.rouse.devcluster.pki.Pki;
import dev.rouse.devcluster.process.Run;
import dev.rouse.devcluster.tools.Tools;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FlagsTest {

  private static final KeyFiles KEY = new KeyFiles(Path.of("crt"), Path.of("key"));
  private static final Pki PKI =
      new Pki(
          Path.of("ca"),
          KEY,
          KEY,
          KEY,
          KEY,
          KEY,
          KEY,
          KEY,
          KEY,
          Path.of("etcd-ca"),
          KEY,
          KEY,
          KEY,
          Map.of());
  private static final ControlPlaneConfig CONFIG =
      ControlPlaneConfig.of(
          new Run(Path.of("run")),
          new Tools(Path.of("e"), Path.of("a"), Path.of("c"), Path.of("s"), Path.of("k")));

  @Test
  void rightsAreCheckedAsInAnyCluster() {
    assertThat(flags(CONFIG, Program.APISERVER))
        .contains("--authorization-mode=Node,RBAC", "--enable-admission-plugins=NodeRestriction")
        .noneMatch(flag -> flag.startsWith("--disable-admission-plugins"));
    assertThat(flags(CONFIG, Program.CONTROLLER_MANAGER))
        .contains("--use-service-account-credentials=true");
  }

  @Test
  void theStoreSyncsItsWritesAndTalksToItsClientAlone() {
    assertThat(flags(CONFIG, Program.ETCD))
        .contains("--client-cert-auth=true", "--peer-client-cert-auth=true")
        .noneMatch(flag -> flag.contains("fsync"));
  }

  @Test
  void nothingListensBeyondLoopback() {
    assertThat(flags(CONFIG, Program.APISERVER)).contains("--bind-address=127.0.0.1");
    assertThat(flags(CONFIG, Program.ETCD))
        .filteredOn(flag -> flag.startsWith("--listen-"))
        .hasSize(2)
        .allMatch(flag -> flag.contains("=https://127.0.0.1:"));
    assertThat(flags(CONFIG, Program.CONTROLLER_MANAGER)).contains("--secure-port=0");
    assertThat(flags(CONFIG, Program.SCHEDULER)).contains("--secure-port=0");
  }

  @Test
  void machinesReachTheApiServerAndServicesLeadToTheirPods() {
    ControlPlaneConfig config =
        CONFIG.withMachines(new Machines("172.30.0.1", Map.of("one", "172.30.0.1")));

    assertThat(flags(config, Program.APISERVER))
        .contains(
            "--bind-address=0.0.0.0",
            "--advertise-address=172.30.0.1",
            "--endpoint-reconciler-type=lease");
    assertThat(flags(config, Program.CONTROLLER_MANAGER))
        .noneMatch(flag -> flag.contains("-endpointslice-controller"));
    assertThat(flags(CONFIG, Program.CONTROLLER_MANAGER))
        .anyMatch(flag -> flag.contains("-endpointslice-controller"));
  }

  @Test
  void requestsAreAuditedWhenAskedFor() {
    assertThat(flags(CONFIG, Program.APISERVER)).noneMatch(flag -> flag.startsWith("--audit"));
    assertThat(flags(CONFIG.withAudit(), Program.APISERVER))
        .contains("--audit-log-path=" + CONFIG.auditLog());
  }

  @Test
  void theLossOfANodeIsNoticedAsFastAsConfigured() {
    ControlPlaneConfig config = CONFIG.withNodeLoss(Duration.ofSeconds(4), Duration.ofSeconds(3));

    assertThat(flags(config, Program.CONTROLLER_MANAGER))
        .contains("--node-monitor-grace-period=4000ms", "--node-monitor-period=500ms");
    assertThat(flags(config, Program.APISERVER))
        .contains(
            "--default-unreachable-toleration-seconds=3",
            "--default-not-ready-toleration-seconds=3");
  }

  @ParameterizedTest
  @EnumSource(
      value = Program.class,
      names = {"CONTROLLER_MANAGER", "SCHEDULER"})
  void nobodyWaitsForALeader(Program program) {
    assertThat(flags(CONFIG, program)).contains("--leader-elect=false");
  }

  @Test
  void portsAreDifferent() throws Exception {
    assertThat(Ports.free(20)).doesNotHaveDuplicates().allMatch(port -> port > 1023);
  }

  @Test
  void aPortNobodyListensAtDoesNotAnswer() throws Exception {
    assertThat(Ports.answers(Ports.free(1).getFirst())).isFalse();
  }

  private static List<String> flags(ControlPlaneConfig config, Program program) {
    return new Flags(config, PKI, new Ports(1001, 1002, 1003)).of(program);
  }
}
