package dev.rouse.controller;

import static dev.rouse.controller.fake.FakeCluster.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.SessionStatus.HandsWanted;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Network policies: there before the first pod, put right when changed, written once. */
class OperatorIsolationTest extends OperatorScenario {

  private static final List<String> NAMES =
      List.of("rouse-brain", "rouse-hands", "rouse-hands-unrestricted");

  @Tag("failure-19")
  @Test
  void theyAreThereBeforeTheFirstPodOfANamespace() {
    // Given
    cluster.startOperator(Map.of());
    cluster.apply(SESSION);
    // When
    cluster.server("hello", "Running", 1, new HandsWanted(1, "key"));
    // Then
    await("hands", () -> assertThat(cluster.podNames("hands")).hasSize(1));
    await("brain", () -> assertThat(cluster.podNames("brain")).hasSize(1));
    List<String> made =
        cluster.writes().stream()
            .filter(it -> it.matches("(PATCH .*/networkpolicies/.*|POST .*/pods)"))
            .map(it -> it.replaceFirst(".*/", ""))
            .toList();
    assertThat(made).startsWith(NAMES.toArray(String[]::new)).hasSize(NAMES.size() + 2);
    assertThat(policies()).containsExactlyInAnyOrderElementsOf(NAMES);
  }

  @Test
  void anotherSessionCostsNoPolicy() {
    // Given
    running();
    // When
    cluster.apply(SESSION.replace("name: hello", "name: again"));
    cluster.server("again", "Running", 1, null);
    // Then
    await("both think", () -> assertThat(cluster.podNames("brain")).hasSize(2));
    assertThat(policyWrites()).hasSize(NAMES.size());
  }

  @Tag("failure-19")
  @Test
  void whatSomebodyChangedOrRemovedIsPutRightWhileThereIsAPod() {
    // Given
    running();
    NetworkPolicy hands = policy("rouse-hands");
    // When
    cluster
        .client()
        .resource(hands)
        .edit(it ->
            new NetworkPolicyBuilder(it)
                .editSpec()
                .withIngress()
                .addNewIngress()
                .addNewFrom()
                .withNewPodSelector()
                .endPodSelector()
                .endFrom()
                .endIngress()
                .endSpec()
                .build());
    cluster.client().resource(policy("rouse-brain")).delete();
    // Then
    await(
        "both are as they were",
        () -> {
          assertThat(policies()).containsExactlyInAnyOrderElementsOf(NAMES);
          assertThat(policy("rouse-hands").getSpec()).isEqualTo(hands.getSpec());
        });
    int writes = policyWrites().size();
    Awaitility.await("then nothing is written")
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(policyWrites()).hasSize(writes));
  }

  @Tag("failure-19")
  @Test
  void withoutThemNoPodIsStarted() {
    // Given
    cluster.failWhen(it -> it.startsWith("PATCH") && it.contains("/rouse-hands?"));
    cluster.startOperator(Map.of());
    cluster.apply(SESSION);
    cluster.server("hello", "Running", 1, new HandsWanted(1, "key"));
    await("it was tried twice", () -> assertThat(cluster.faults()).hasSizeGreaterThan(1));
    List<Pod> before = cluster.client().pods().inNamespace(NAMESPACE).list().getItems();
    // When
    cluster.failWhen(_ -> false);
    // Then
    await("now they are", () -> assertThat(cluster.podNames("brain")).hasSize(1));
    assertThat(before).isEmpty();
  }

  @Tag("failure-20")
  @Test
  void aPolicyOfThatNameThatIsSomebodyElsesIsSaidAndNotTouched() {
    // Given
    NetworkPolicy foreign =
        new NetworkPolicyBuilder()
            .withNewMetadata()
            .withName("rouse-hands")
            .withNamespace(NAMESPACE)
            .endMetadata()
            .withNewSpec()
            .withPolicyTypes("Ingress")
            .endSpec()
            .build();
    cluster.client().resource(foreign).create();
    cluster.startOperator(Map.of());
    cluster.apply(SESSION);
    // When
    cluster.server("hello", "Running", 1, new HandsWanted(1, "key"));
    // Then
    await("said", () -> assertThat(condition("Reconciling")).isEqualTo("True PolicyNameTaken"));
    assertThat(hands().reason()).contains("NetworkPolicy rouse-hands in namespace team");
    assertThat(policy("rouse-hands").getSpec()).isEqualTo(foreign.getSpec());
    assertThat(cluster.client().pods().inNamespace(NAMESPACE).list().getItems()).isEmpty();
  }

  @Test
  void handsCarryWhatTheirEnvironmentOpensAndWhatTheyMustNotReach() {
    // Given
    cluster.startOperator(Map.of("ROUSE_SANDBOX_FORBIDDEN", "10.96.0.1:443"));
    cluster.apply(SESSION);
    // When
    cluster.server("hello", "Running", 1, new HandsWanted(1, "key"));
    // Then
    await("hands", () -> assertThat(cluster.pods("hands")).hasSize(1));
    Pod pod = cluster.pods("hands").getFirst();
    assertThat(pod.getMetadata().getLabels()).containsEntry("rouse.dev/network", "limited");
    assertThat(pod.getSpec().getContainers().getFirst().getEnv())
        .filteredOn(it -> it.getName().equals("ROUSE_FORBIDDEN"))
        .singleElement()
        .satisfies(it -> assertThat(it.getValue()).isEqualTo("10.96.0.1:443"));
  }

  private List<String> policyWrites() {
    return cluster.writes().stream()
        .filter(it -> it.startsWith("PATCH") && it.contains("/networkpolicies/"))
        .toList();
  }

  private List<String> policies() {
    return cluster
        .client()
        .network()
        .v1()
        .networkPolicies()
        .inNamespace(NAMESPACE)
        .list()
        .getItems()
        .stream()
        .map(it -> it.getMetadata().getName())
        .toList();
  }

  private NetworkPolicy policy(String name) {
    return cluster
        .client()
        .network()
        .v1()
        .networkPolicies()
        .inNamespace(NAMESPACE)
        .withName(name)
        .get();
  }
}
