package dev.rouse.controller;

import static dev.rouse.controller.fake.FakeCluster.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Agent;
import dev.rouse.api.Environment;
import dev.rouse.api.ModelProvider;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.SessionStatus.HandsWanted;
import dev.rouse.controller.fake.FakeCluster;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The started operator, with kubelet and server played by hand. */
class OperatorTest {

  private static final String WORLD =
      """
      apiVersion: rouse.dev/v1alpha1
      kind: Agent
      metadata: {name: coder}
      spec: {model: {id: fast}}
      ---
      apiVersion: rouse.dev/v1alpha1
      kind: Environment
      metadata: {name: box}
      spec: {}
      ---
      apiVersion: rouse.dev/v1alpha1
      kind: ModelProvider
      metadata: {name: vendor}
      spec:
        type: anthropic
        baseURL: https://api.example.org
        secretRef: {name: vendor, key: api-key}
        default: true
      """;

  private static final String SESSION =
      """
      apiVersion: rouse.dev/v1alpha1
      kind: Session
      metadata: {name: hello}
      spec:
        agentRef: {name: coder}
        environmentRef: {name: box}
      """;

  private final FakeCluster cluster = new FakeCluster();

  @BeforeEach
  void world() {
    cluster.apply(WORLD);
    key();
  }

  @AfterEach
  void close() {
    cluster.close();
  }

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
  void aMissingReferenceIsNamedAndHeals() {
    // Given
    cluster.client().resources(Environment.class).inNamespace(NAMESPACE).withName("box").delete();
    cluster.startOperator(Map.of());
    cluster.apply(SESSION);
    cluster.server("hello", "Running", 1, null);
    await("named", () -> assertThat(condition("Ready")).isEqualTo("False EnvironmentNotFound"));
    assertThat(cluster.pods("brain")).isEmpty();
    // When
    cluster.apply(WORLD.split("---")[1]);
    // Then
    await("healed", () -> assertThat(cluster.podNames("brain")).containsExactly(brain(1)));
  }

  @Test
  void aMissingKeyIsNamedAndHeals() {
    // Given
    cluster.client().secrets().inNamespace(NAMESPACE).withName("vendor").delete();
    cluster.startOperator(Map.of());
    cluster.apply(SESSION);
    cluster.server("hello", "Running", 1, null);
    await("named", () -> assertThat(condition("Ready")).isEqualTo("False SecretMissing"));
    assertThat(cluster.pods("brain")).isEmpty();
    // When
    key();
    // Then
    await("healed", () -> assertThat(cluster.podNames("brain")).containsExactly(brain(1)));
    await("ready", () -> assertThat(condition("Ready")).isEqualTo("True Accepted"));
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
        .atMost(Duration.ofSeconds(4))
        .untilAsserted(() -> assertThat(cluster.writes()).hasSize(before.size() + 20));
  }

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

  @Test
  void agentsEnvironmentsAndProvidersSayWhatTheyAre() {
    // Given
    cluster.apply(
        """
        apiVersion: rouse.dev/v1alpha1
        kind: Environment
        metadata: {name: closed}
        spec: {networking: {type: limited}}
        ---
        apiVersion: rouse.dev/v1alpha1
        kind: ModelProvider
        metadata: {name: another}
        spec:
          type: anthropic
          baseURL: https://api.example.org
          secretRef: {name: nowhere, key: api-key}
        """);
    // When
    cluster.startOperator(Map.of());
    // Then
    await(
        "all say",
        () -> {
          var client = cluster.client();
          Agent agent =
              client.resources(Agent.class).inNamespace(NAMESPACE).withName("coder").get();
          assertThat(agent.getStatus().version()).isEqualTo(1);
          assertThat(said(agent.getStatus().conditions(), "Ready")).isEqualTo("True VersionStored");
          assertThat(
                  said(
                      client
                          .resources(Environment.class)
                          .inNamespace(NAMESPACE)
                          .withName("closed")
                          .get()
                          .getStatus()
                          .conditions(),
                      "Ready"))
              .isEqualTo("False LimitedNetworkingUnavailable");
          assertThat(provider("vendor")).isEqualTo("True KeyFound");
          assertThat(provider("another")).isEqualTo("False SecretMissing");
        });
  }

  @Test
  void twoDefaultsAreBothSaidAndHeal() {
    // Given
    cluster.startOperator(Map.of());
    await("alone", () -> assertThat(provider("vendor")).isEqualTo("True KeyFound"));
    cluster.apply(
        WORLD.split("---")[2].replace("metadata: {name: vendor}", "metadata: {name: second}"));
    await(
        "both",
        () -> {
          assertThat(provider("vendor")).isEqualTo("False DefaultNotUnique");
          assertThat(provider("second")).isEqualTo("False DefaultNotUnique");
        });
    // When
    cluster
        .client()
        .resources(ModelProvider.class)
        .inNamespace(NAMESPACE)
        .withName("second")
        .delete();
    // Then
    await("alone again", () -> assertThat(provider("vendor")).isEqualTo("True KeyFound"));
  }

  private void running() {
    cluster.startOperator(Map.of());
    cluster.apply(SESSION);
    cluster.server("hello", "Running", 1, null);
    await("the brain is named", () -> assertThat(harness().pod()).isEqualTo(brain(1)));
  }

  private void key() {
    cluster
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("vendor")
                .withNamespace(NAMESPACE)
                .endMetadata()
                .addToData("api-key", "c2VjcmV0")
                .build())
        .create();
  }

  private SessionStatus.Harness harness() {
    SessionStatus status = cluster.session("hello").getStatus();
    assertThat(status).isNotNull();
    assertThat(status.harness()).isNotNull();
    return status.harness();
  }

  private SessionStatus.Hands hands() {
    SessionStatus status = cluster.session("hello").getStatus();
    assertThat(status.hands()).isNotNull();
    return status.hands();
  }

  private String condition(String type) {
    SessionStatus status = cluster.session("hello").getStatus();
    assertThat(status).isNotNull();
    return said(status.conditions(), type);
  }

  private String provider(String name) {
    ModelProvider provider =
        cluster.client().resources(ModelProvider.class).inNamespace(NAMESPACE).withName(name).get();
    assertThat(provider.getStatus()).isNotNull();
    return said(provider.getStatus().conditions(), "Ready");
  }

  private static String said(List<Condition> conditions, String type) {
    return conditions.stream()
        .filter(it -> it.getType().equals(type))
        .findFirst()
        .map(it -> it.getStatus() + " " + it.getReason())
        .orElse("");
  }

  private List<String> workspaces() {
    return cluster
        .client()
        .persistentVolumeClaims()
        .inNamespace(NAMESPACE)
        .list()
        .getItems()
        .stream()
        .map(it -> it.getMetadata().getName())
        .toList();
  }

  private String prefix() {
    return "hello-" + cluster.session("hello").getMetadata().getUid().substring(0, 8);
  }

  private String brain(int number) {
    return prefix() + "-brain-" + number;
  }

  private String hands(int generation) {
    return prefix() + "-hands-" + generation;
  }

  private String uid(String pod) {
    return Stream.of(cluster.client().pods().inNamespace(NAMESPACE).withName(pod).get())
        .filter(Objects::nonNull)
        .map(it -> it.getMetadata().getUid())
        .findFirst()
        .orElse("no such pod");
  }

  private static void await(String alias, ThrowingRunnable assertion) {
    Awaitility.await(alias)
        .atMost(15, TimeUnit.SECONDS)
        .pollInterval(50, TimeUnit.MILLISECONDS)
        .untilAsserted(assertion);
  }
}
