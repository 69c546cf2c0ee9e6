package dev.rouse.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.devcluster.controlplane.Program;
import dev.rouse.e2e.bed.Bed;
import dev.rouse.e2e.bed.NodeHost;
import dev.rouse.e2e.bed.Release;
import dev.rouse.e2e.bed.SharedBed;
import dev.rouse.e2e.cluster.SessionView;
import dev.rouse.e2e.cluster.WorkGate;
import dev.rouse.e2e.node.AtWork.Moment;
import dev.rouse.e2e.node.AtWork.SecondCall;
import dev.rouse.session.LogRecord;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ResourceQuotaStatus;
import io.fabric8.kubernetes.api.model.policy.v1.Eviction;
import io.fabric8.kubernetes.api.model.policy.v1.EvictionBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What nodes, and those who care for them, do to sessions. */
@ExtendWith(SharedBed.class)
@Order(40)
class NodeE2E {

  private final Team team;
  private final Bed bed;

  NodeE2E(Release release) throws IOException {
    this.team = Team.create(release, "nodes");
    this.bed = release.bed();
  }

  @Test
  void aBrainThatIsEvictedIsReplacedAndJoinsItsCall() throws Exception {
    // Given
    AtWork work = AtWork.at(Moment.TOOL, team, "evicted-brain", "default");

    // When
    evict(work.session().brain());

    // Then
    work.session().awaitWakes(2);
    work.tellMore();
    work.goOn();
    work.judge(SecondCall.DONE).woke(2, 3);
  }

  @Test
  void handsThatAreEvictedSayHowTheirCallEnded() throws Exception {
    // Given
    AtWork work = AtWork.at(Moment.TOOL, team, "evicted-hands", "default");

    // When
    evict(work.session().hands());

    // Then: they had ten seconds for that, and it is in their journal
    work.judge(SecondCall.STOPPED);
    assertThat(work.session().results()).anyMatch(it -> it.contains("the sandbox was stopped"));
  }

  @Test
  void aSessionLeavesANodeThatIsDrained() throws Exception {
    // Given: its files are the pod's, so that the node is all that it needs.
    NodeHost drained = bed.node("node-2");
    PodSession session = onlyOn(drained, "drained", "echo begun > begun; sleep 600");
    awaitFile(session, "begun");

    try {
      // When
      bed.kubectl()
          .run(
              "drain",
              drained.machine().name(),
              "--ignore-daemonsets",
              "--delete-emptydir-data",
              "--force",
              "--timeout=50s",
              "--pod-selector=rouse.dev/session");

      // Then
      session.awaitAnswer("It failed:");
      assertThat(session.wakes()).isEqualTo(2);
    } finally {
      bed.kubectl().run("uncordon", drained.machine().name());
    }
  }

  @Tag("failure-4")
  @Test
  void aNodeThatIsLostTakesNoSessionWithItAndItsOldBrainIsFenced() throws Exception {
    // Given: nobody hears of the node any more, and everything on it goes on.
    NodeHost lost = bed.node("node-2");
    PodSession session =
        onlyOn(lost, "lost", "echo begun > begun; mkfifo gate; cat gate; echo finished");
    Path gate = awaitFile(session, "begun").resolveSibling("gate");
    PodContainer oldBrain = session.brain();
    PodContainer oldHands = session.hands();

    try {
      // When
      lost.killKubelet();
      session.awaitAnswer("It failed:");

      // Then
      assertThat(oldHands.runs()).as("the old hands, which nobody could end").isTrue();
      assertThat(session.wakes()).isEqualTo(2);
      List<LogRecord> log = session.log();
      WorkGate.open(gate);
      oldBrain.awaitEnd(Duration.ofSeconds(60));
      assertThat(session.log()).as("nothing of the old brain is in it").isEqualTo(log);
    } finally {
      lost.startKubelet();
    }
    await(lost.machine().name() + " is back")
        .atMost(SessionView.PATIENCE)
        .until(() -> isReady(lost));
    session.awaitNoPods();
  }

  @Test
  void anImageThatIsMissingIsNamedAndItsArrivalHeals() throws Exception {
    // Given
    bed.applyYaml(environment("absent", "image: rouse.dev/absent:1"));
    PodSession session = team.shell("absent", "absent", "echo here");
    session.awaitCondition("rouse.dev/absent:1");

    // When
    for (NodeHost node : bed.nodes()) {
      node.ctr().tag("rouse/hands:", "rouse.dev/absent:1");
    }

    // Then
    session.awaitAnswer("It says: here");
  }

  @Test
  void aVolumeThatIsNeverBoundIsNamedWithTheWayOut() throws Exception {
    // Given
    bed.applyYaml(environment("never", "workspace: {size: 1Mi, storageClassName: e2e-never}"));

    // When
    PodSession session = team.shell("never", "never", "echo here");

    // Then
    assertThat(session.awaitCondition("ephemeral: true")).contains("never");
  }

  @Test
  void aQuotaThatIsUsedUpIsNamedAndItsEndHeals() throws Exception {
    // Given
    Team poor = Team.create(team.release(), "quota");
    bed.applyYaml(
        """
        apiVersion: v1
        kind: ResourceQuota
        metadata: {name: nothing, namespace: quota}
        spec: {hard: {pods: "0"}}
        """);
    await("the quota counts")
        .atMost(SessionView.PATIENCE)
        .until(() -> {
          ResourceQuotaStatus status =
              bed.client()
                  .resourceQuotas()
                  .inNamespace("quota")
                  .withName("nothing")
                  .require()
                  .getStatus();
          return status != null && status.getHard().containsKey("pods");
        });
    PodSession session = poor.shell("poor", "ephemeral", "echo here");
    session.awaitCondition("exceeded quota");

    // When
    bed.kubectl().run("delete", "resourcequota", "nothing", "-n", "quota");

    // Then
    session.awaitAnswer("It says: here");
  }

  @Test
  void anApiServerThatIsRestartedInterruptsNothing() throws Exception {
    // Given
    AtWork work = AtWork.at(Moment.TOOL, team, "api-server", "default");

    // When
    bed.controlPlane().kill(Program.APISERVER);
    work.goOn();
    bed.controlPlane().restart(Program.APISERVER);
    work.tellMore();

    // Then
    work.judge(SecondCall.DONE);
  }

  /** A session whose pods are all on one node, with a tool that runs a command. */
  private PodSession onlyOn(NodeHost node, String name, String command) throws IOException {
    String other = node.machine().name().equals("node-1") ? "node-2" : "node-1";
    bed.kubectl().run("cordon", other);
    try {
      PodSession session = team.shell(name, "ephemeral", command);
      assertThat(session.hands().node().machine()).isEqualTo(node.machine());
      return session;
    } finally {
      bed.kubectl().run("uncordon", other);
    }
  }

  private static Path awaitFile(PodSession session, String file) {
    return await(session.name() + " has written " + file)
        .atMost(SessionView.PATIENCE)
        .until(() -> session.file(file), Optional::isPresent)
        .orElseThrow();
  }

  private void evict(PodContainer container) {
    Eviction eviction =
        new EvictionBuilder()
            .withNewMetadata()
            .withName(container.pod())
            .withNamespace(team.name())
            .endMetadata()
            .build();
    assertThat(
            bed.client().pods().inNamespace(team.name()).withName(container.pod()).evict(eviction))
        .as("eviction of " + container.pod())
        .isTrue();
  }

  private boolean isReady(NodeHost host) {
    Node node = bed.client().nodes().withName(host.machine().name()).require();
    return node.getStatus().getConditions().stream()
        .anyMatch(it -> it.getType().equals("Ready") && it.getStatus().equals("True"));
  }

  private static String environment(String name, String what) {
    return """
    apiVersion: rouse.dev/v1alpha1
    kind: Environment
    metadata: {name: %s, namespace: nodes}
    spec:
      linger: PT1S
      %s
    """
        .formatted(name, what);
  }
}
