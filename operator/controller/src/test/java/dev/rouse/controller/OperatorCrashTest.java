package dev.rouse.controller;

import static dev.rouse.controller.fake.FakeCluster.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Environment;
import dev.rouse.api.SessionStatus.HandsWanted;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No twin, no orphan, nothing of others, and no needless write. */
class OperatorCrashTest extends OperatorScenario {

  private static final Map<String, String> HOUR =
      Map.of("ROUSE_RESTART_BACKOFF_MIN", "PT1H", "ROUSE_RESTART_BACKOFF_MAX", "PT1H");

  @Tag("failure-10")
  @Test
  void nothingIsWrittenInSteadyState() {
    // Given
    running();
    cluster.ready(brain(1));
    await("seen ready", () -> assertThat(harness().wasReady()).isTrue());
    await("told", () -> assertThat(cluster.eventReasons()).contains("BrainStarted"));
    List<String> before = cluster.writes();
    // When the log moves, and pods change what does not matter
    for (int head = 10; head < 20; head++) {
      cluster.server("hello", "Running", head, null);
      cluster.kubelet(
          brain(1),
          """
          phase: Running
          podIP: 10.0.0.9
          conditions: [{type: Ready, status: "True"}, {type: Initialized, status: "True"}]
          """);
    }
    // Then what was written are the twenty changes of this test
    Awaitility.await("quiet")
        .during(Duration.ofSeconds(2))
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(cluster.writes()).hasSize(before.size() + 20));
  }

  @Tag("failure-14")
  @ParameterizedTest
  @CsvSource({
    "POST .*/pods, false",
    "POST .*/pods, true",
    "POST .*/persistentvolumeclaims.*, false",
    "POST .*/persistentvolumeclaims.*, true",
    "PATCH .*/sessions/hello/status.*rouse-operator.*, false",
    "PATCH .*/sessions/hello/status.*rouse-operator.*, true",
    "POST .*/events.*, false"
  })
  void anOperatorThatDiesAtAWriteLeavesNeitherTwinNorOrphan(String write, boolean done) {
    // Given an operator that never gets an answer to writes of this kind, done or not
    cluster.startOperator(Map.of());
    cluster.apply(SESSION);
    if (done) {
      cluster.loseAnswerWhen(request -> request.matches(write));
    } else {
      cluster.failWhen(request -> request.matches(write));
    }
    cluster.server("hello", "Running", 1, new HandsWanted(1, "key"));
    await("it was tried", () -> assertThat(cluster.faults()).isNotEmpty());
    cluster.stopOperator();
    // When
    cluster.failWhen(_ -> false);
    cluster.loseAnswerWhen(_ -> false);
    cluster.startOperator(Map.of());
    // Then
    await(
        "one brain, one sandbox, both named",
        () -> {
          assertThat(cluster.podNames("brain")).containsExactly(brain(1));
          assertThat(cluster.podNames("hands")).containsExactly(hands(1));
          assertThat(harness().uid()).isEqualTo(uid(brain(1)));
          assertThat(hands().uid()).isEqualTo(uid(hands(1)));
          assertThat(workspaces()).containsExactly(prefix() + "-workspace");
        });
  }

  @Tag("failure-14")
  @Test
  void aPodThatWasCreatedAndNeverNamedIsRemovedWhenItIsNotNeededAnyMore() {
    // Given an operator that died between create and status
    cluster.startOperator(Map.of());
    cluster.apply(SESSION);
    cluster.server("hello", "Pending", 0, null);
    await("seen", () -> assertThat(condition("Ready")).isEqualTo("True Accepted"));
    cluster.failWhen(it -> it.matches("PATCH .*/sessions/hello/status.*rouse-operator.*"));
    cluster.server("hello", "Running", 1, null);
    await("created", () -> assertThat(cluster.pods("brain")).isNotEmpty());
    cluster.stopOperator();
    cluster.failWhen(_ -> false);
    // When
    cluster.suspend("hello", true);
    cluster.startOperator(Map.of());
    // Then
    await("no orphan", () -> assertThat(cluster.pods("brain")).isEmpty());
  }

  @Tag("failure-20")
  @Test
  void aForeignPodIsNeitherAdoptedNorRemoved() {
    // Given a pod with our name and labels, but without our owner
    cluster.startOperator(Map.of());
    cluster.apply(SESSION);
    cluster
        .client()
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName(brain(1))
                .withNamespace(NAMESPACE)
                .addToLabels("rouse.dev/session", cluster.session("hello").getMetadata().getUid())
                .addToLabels("rouse.dev/role", "brain")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("brain")
                .endContainer()
                .endSpec()
                .build())
        .create();
    String foreign = uid(brain(1));
    // When
    cluster.server("hello", "Running", 1, null);
    // Then
    await("said", () -> assertThat(condition("Reconciling")).isEqualTo("True NameTaken"));
    assertThat(uid(brain(1))).isEqualTo(foreign);
    assertThat(cluster.session("hello").getStatus().harness()).isNull();
  }

  @Tag("failure-10")
  @Test
  void anOperatorThatIsRestartedKeepsThePauseOfHandsThatFail() {
    // Given
    failedHands();
    cluster.stopOperator();
    cluster.ready(brain(1));
    // When
    cluster.startOperator(HOUR);
    // Then it looked at the session, and made no pod
    await("seen ready", () -> assertThat(harness().wasReady()).isTrue());
    assertThat(condition("Stalled")).isEqualTo("True HandsFailing");
    assertThat(cluster.pods("hands")).isEmpty();
  }

  @Test
  void anEnvironmentThatIsPutRightEndsThePauseOfHandsThatFail() {
    // Given
    failedHands();
    // When
    cluster
        .client()
        .resources(Environment.class)
        .inNamespace(NAMESPACE)
        .withName("box")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"image\":\"glibc:1\"}}");
    // Then
    await("tried", () -> assertThat(cluster.podNames("hands")).containsExactly(hands(3)));
  }

  /** Two pods failed, a third one is wanted, and the pause before it is long. */
  private void failedHands() {
    cluster.startOperator(HOUR);
    cluster.apply(SESSION);
    for (int generation = 1; generation <= 2; generation++) {
      cluster.server("hello", "Running", 3, new HandsWanted(generation, "key"));
      failHands(generation);
    }
    cluster.server("hello", "Running", 3, new HandsWanted(3, "key"));
    await("removed", () -> assertThat(cluster.pods("hands")).isEmpty());
  }
}
