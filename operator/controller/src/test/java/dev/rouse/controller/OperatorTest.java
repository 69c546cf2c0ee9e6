package dev.rouse.controller;

import static dev.rouse.controller.fake.FakeCluster.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Environment;
import dev.rouse.api.EnvironmentSpec;
import dev.rouse.api.SessionStatus.HandsWanted;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A session's pods, with kubelet and server played by hand. */
class OperatorTest extends OperatorScenario {

  @Test
  void aDueSessionGetsABrainAndTheStatusNamesIt() {
    // Given
    cluster.startOperator(Map.of());
    cluster.apply(SESSION);
    // When
    cluster.server("hello", "Running", 1, null);
    // Then
    await("the brain is named", () -> assertThat(harness().uid()).isEqualTo(uid(brain(1))));
    assertThat(harness().pod()).isEqualTo(brain(1));
    assertThat(cluster.podNames("brain")).containsExactly(brain(1));
    await("ready", () -> assertThat(condition("Ready")).isEqualTo("True Accepted"));
    await(
        "people are told",
        () -> assertThat(cluster.eventReasons()).contains("BrainStarted", "Ready"));
  }

  @Test
  void anIdleSessionCostsNoPod() {
    // Given
    cluster.startOperator(Map.of());
    cluster.apply(SESSION);
    // When
    cluster.server("hello", "Idle", 4, null);
    // Then
    await("ready", () -> assertThat(condition("Ready")).isEqualTo("True Accepted"));
    assertThat(cluster.pods("brain")).isEmpty();
  }

  @Test
  void aBrainThatDiedIsReplacedOnceAndItsPodRemoved() {
    // Given
    running();
    cluster.ready(brain(1));
    await("seen ready", () -> assertThat(harness().wasReady()).isTrue());
    // When
    cluster.exited(brain(1), "brain", 137);
    // Then
    await(
        "the next is named and the first is gone",
        () -> {
          assertThat(harness().pod()).isEqualTo(brain(2));
          assertThat(cluster.podNames("brain")).containsExactly(brain(2));
        });
    assertThat(harness().lastExit()).isEqualTo("exit code 137");
    assertThat(harness().wakes()).isEqualTo(2);
  }

  @Tag("failure-5")
  @Test
  void aBrainThatWasReadyAndStoppedAnsweringIsReplaced() {
    // Given
    running();
    cluster.ready(brain(1));
    await("seen ready", () -> assertThat(harness().wasReady()).isTrue());
    // When its node is lost or its process stopped
    cluster.unready(brain(1), Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    // Then
    await("replaced", () -> assertThat(cluster.podNames("brain")).containsExactly(brain(2)));
  }

  @Test
  void aBrainThatHasNotStartedIsWaitedForWithItsReason() {
    // Given
    running();
    // When
    cluster.kubelet(
        brain(1),
        """
        phase: Pending
        containerStatuses: [{name: brain, state: {waiting: {reason: ErrImagePull, message: no such image}}}]
        """);
    // Then
    await(
        "the condition says why",
        () -> assertThat(condition("Reconciling")).isEqualTo("True BrainWaiting"));
    assertThat(cluster.podNames("brain")).containsExactly(brain(1));
  }

  @Tag("failure-24")
  @Test
  void brainsThatFailAgainAndAgainAreStalled() {
    // Given
    running();
    cluster.exited(brain(1), "brain", 70);
    await("the second", () -> assertThat(harness().pod()).isEqualTo(brain(2)));
    // When
    cluster.exited(brain(2), "brain", 70);
    // Then
    await("stalled", () -> assertThat(condition("Stalled")).isEqualTo("True BrainFailing"));
    await("tried again", () -> assertThat(harness().pod()).isEqualTo(brain(3)));
    cluster.ready(brain(3));
    await("not stalled any more", () -> assertThat(condition("Stalled")).isEmpty());
  }

  @Test
  void aBrainThatEndedWellLeavesNothing() {
    // Given
    running();
    cluster.ready(brain(1));
    cluster.server("hello", "Idle", 9, null);
    // When
    cluster.exited(brain(1), "brain", 0);
    // Then
    await(
        "no pod, and its end on record",
        () -> {
          assertThat(cluster.pods("brain")).isEmpty();
          assertThat(harness().uid()).isNull();
          assertThat(harness().lastExit()).isEqualTo("exit code 0");
        });
  }

  @Test
  void suspendingEndsTheBrainAndResumingGoesOn() {
    // Given
    running();
    cluster.ready(brain(1));
    await("seen ready", () -> assertThat(harness().wasReady()).isTrue());
    cluster.suspend("hello", true);
    await(
        "suspended",
        () -> {
          assertThat(cluster.pods("brain")).isEmpty();
          assertThat(condition("Ready")).isEqualTo("True Suspended");
        });
    // When
    cluster.suspend("hello", false);
    // Then
    await("goes on", () -> assertThat(cluster.podNames("brain")).containsExactly(brain(2)));
    await("told", () -> assertThat(cluster.eventReasons()).contains("Suspended"));
  }

  @Test
  void handsComeWhenAskedForAndGoWhenTheSessionRests() {
    // Given
    running();
    cluster.ready(brain(1));
    cluster.server("hello", "Running", 3, new HandsWanted(1, "key"));
    await("created", () -> assertThat(cluster.podNames("hands")).containsExactly(hands(1)));
    // When
    cluster.ready(hands(1));
    // Then
    await("address", () -> assertThat(hands().address()).isEqualTo("http://10.0.0.9:8085"));
    assertThat(workspaces()).containsExactly(prefix() + "-workspace");
    // When the session rests
    cluster.server("hello", "Idle", 9, new HandsWanted(1, "key"));
    cluster.exited(brain(1), "brain", 0);
    // Then the files stay
    await("gone", () -> assertThat(cluster.pods("hands")).isEmpty());
    await("said", () -> assertThat(hands().hasGone()).isTrue());
    assertThat(workspaces()).containsExactly(prefix() + "-workspace");
  }

  @Test
  void oneGenerationOfHandsIsOnePod() {
    // Given
    running();
    cluster.ready(brain(1));
    cluster.server("hello", "Running", 3, new HandsWanted(1, "key"));
    await("created", () -> assertThat(hands().uid()).isNotNull());
    cluster.exited(hands(1), "hands", 1);
    await("gone", () -> assertThat(hands().hasGone()).isTrue());
    await("removed", () -> assertThat(cluster.pods("hands")).isEmpty());
    // When
    cluster.server("hello", "Running", 5, new HandsWanted(2, "key"));
    // Then
    await("the next", () -> assertThat(cluster.podNames("hands")).containsExactly(hands(2)));
    assertThat(hands().hasGone()).isFalse();
  }

  /** The operator is away while it changes, so that it is sure to have seen the change. */
  @Tag("contract-env-later")
  @Test
  void aChangedEnvironmentIsForLaterHandsAndThoseThatRunStay() {
    // Given
    running();
    cluster.ready(brain(1));
    cluster.server("hello", "Running", 3, new HandsWanted(1, "key"));
    await("created", () -> assertThat(hands().uid()).isNotNull());
    cluster.ready(hands(1));
    await("address", () -> assertThat(hands().address()).isNotNull());
    String first = uid(hands(1));
    cluster.stopOperator();
    // When
    cluster
        .client()
        .resources(Environment.class)
        .inNamespace(NAMESPACE)
        .withName("box")
        .edit(it -> {
          it.setSpec(Serialization.unmarshal("image: other:2", EnvironmentSpec.class));
          return it;
        });
    cluster.startOperator(Map.of());
    cluster.exited(brain(1), "brain", 137);
    await("looked at", () -> assertThat(harness().pod()).isEqualTo(brain(2)));
    // Then
    assertThat(uid(hands(1))).isEqualTo(first);
    assertThat(hands().uid()).isEqualTo(first);
    assertThat(cluster.pods("hands")).extracting(OperatorTest::image).containsExactly("hands:1");
    // When a new sandbox is needed
    cluster.exited(hands(1), "hands", 1);
    await("gone", () -> assertThat(hands().hasGone()).isTrue());
    cluster.server("hello", "Running", 5, new HandsWanted(2, "key"));
    // Then
    await("the next", () -> assertThat(cluster.podNames("hands")).containsExactly(hands(2)));
    assertThat(cluster.pods("hands")).extracting(OperatorTest::image).containsExactly("other:2");
  }

  private static String image(Pod pod) {
    return pod.getSpec().getContainers().getFirst().getImage();
  }

  @Tag("failure-10")
  @Test
  void handsThatEndBeforeTheyAreReadyAreTriedAgainAfterPausesAndThePersonIsTold() {
    // Given
    running();
    cluster.ready(brain(1));
    cluster.server("hello", "Running", 3, new HandsWanted(1, "key"));
    failHands(1);
    cluster.server("hello", "Running", 3, new HandsWanted(2, "key"));
    // When
    failHands(2);
    // Then
    await("stalled", () -> assertThat(condition("Stalled")).isEqualTo("True HandsFailing"));
    assertThat(cluster.eventReasons()).contains("HandsGone");
    cluster.server("hello", "Running", 3, new HandsWanted(3, "key"));
    await("tried again", () -> assertThat(cluster.podNames("hands")).containsExactly(hands(3)));
    cluster.ready(hands(3));
    await("not stalled any more", () -> assertThat(condition("Stalled")).isEmpty());
    assertThat(hands().failures()).isNull();
  }

  @Test
  void aVolumeThatIsNotBoundIsNamedWithTheSchedulersWordsAndTheWayOut() {
    // Given
    running();
    cluster.ready(brain(1));
    cluster.server("hello", "Running", 3, new HandsWanted(1, "key"));
    await("created", () -> assertThat(hands().pod()).isEqualTo(hands(1)));
    cluster.unbound(prefix() + "-workspace", "slow");
    // When
    cluster.kubelet(
        hands(1),
        """
        phase: Pending
        conditions:
          - {type: PodScheduled, status: "False", reason: Unschedulable, message: no volumes to bind}
        """);
    // Then
    await("said", () -> assertThat(condition("Reconciling")).isEqualTo("True WorkspacePending"));
    assertThat(hands().reason())
        .contains(hands(1), "no volumes to bind", "StorageClass slow", "ephemeral: true");
  }
}
