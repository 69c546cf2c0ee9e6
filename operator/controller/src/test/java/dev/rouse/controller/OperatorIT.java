package dev.rouse.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the installed operator makes of sessions, and keeps as it is to be. */
class OperatorIT extends InstalledOperatorScenario {

  private static final String READY =
      "{phase: Running, podIP: 10.0.0.9, podIPs: [{ip: 10.0.0.9}], conditions: [{type: Ready, status: 'True'}]}";

  @Test
  void aSessionFromTheFirstInputToItsRest() {
    // Given the agent has a version, and the server has begun the log
    await(
        "version",
        () ->
            assertThat(
                    admin
                        .apps()
                        .controllerRevisions()
                        .inNamespace(namespace)
                        .withName("coder-v1")
                        .get())
                .isNotNull());
    server("phase: Running\nprovider: vendor\nagentVersion: 1\nlog: {head: 1, bytes: 9}");
    await("brain", () -> assertThat(status().harness()).isNotNull());
    kubelet(status().harness().pod(), READY);
    await("ready", () -> assertThat(status().harness().wasReady()).isTrue());
    // When the brain asks for hands
    server(
        "phase: Running\nprovider: vendor\nagentVersion: 1\nlog: {head: 3, bytes: 9}\n"
            + "handsWanted: {generation: 1, ticketKey: key}");
    await("hands", () -> assertThat(status().hands()).isNotNull());
    kubelet(status().hands().pod(), READY);
    // Then they have an address, and the volume is claimed
    await(
        "address", () -> assertThat(status().hands().address()).isEqualTo("http://10.0.0.9:8085"));
    assertThat(admin.persistentVolumeClaims().inNamespace(namespace).list().getItems())
        .singleElement()
        .satisfies(it -> assertThat(it.getMetadata().getName()).endsWith("-workspace"));
    // When the session rests and the brain ends
    server(
        "phase: Idle\nstopReason: end_turn\nprovider: vendor\nagentVersion: 1\nlog: {head: 9, bytes: 9}");
    kubelet(
        status().harness().pod(),
        "{phase: Succeeded, containerStatuses: [{name: brain, image: i, imageID: i, ready: false, restartCount: 0, state: {terminated: {exitCode: 0}}}]}");
    // Then no pod is left to run, and neither manager took anything from the other
    await("no pod", () -> assertThat(living()).isEmpty());
    await("said", () -> assertThat(status().hands().hasGone()).isTrue());
    assertThat(status().stopReason()).isEqualTo("end_turn");
    assertThat(status().harness().lastExit()).startsWith("exit code 0");
    assertThat(status().conditions())
        .extracting(Condition::getType, Condition::getStatus)
        .containsExactly(tuple("Ready", "True"));
  }

  @Test
  void aBrainThatDiedIsReplaced() {
    // Given
    server("phase: Running\nprovider: vendor\nlog: {head: 1, bytes: 9}");
    await("brain", () -> assertThat(status().harness()).isNotNull());
    String first = status().harness().pod();
    kubelet(first, READY);
    // When
    kubelet(
        first,
        "{phase: Failed, containerStatuses: [{name: brain, image: i, imageID: i, ready: false, restartCount: 0, state: {terminated: {exitCode: 137}}}]}");
    // Then
    await("the next", () -> assertThat(status().harness().wakes()).isEqualTo(2));
    await("alone", () -> assertThat(living()).containsExactly(status().harness().pod()));
    await(
        "people are told",
        () ->
            assertThat(admin.resources(Event.class).inNamespace(namespace).list().getItems())
                .extracting(it -> it.getReason())
                .contains("BrainStarted", "BrainEnded"));
  }

  @Tag("failure-19")
  @Test
  void policiesAreKeptAsTheyAreToBe() {
    // Given
    server("phase: Running\nprovider: vendor\nlog: {head: 1, bytes: 9}");
    await("brain", () -> assertThat(status().harness()).isNotNull());
    List<NetworkPolicySpec> made = policies();
    // When somebody opens one, and takes its labels away
    patch("rouse-hands", "{spec: {egress: [{}]}}");
    patch("rouse-hands", "{metadata: {labels: null}}");
    admin.network().v1().networkPolicies().inNamespace(namespace).withName("rouse-brain").delete();
    // Then
    await("as they were", () -> assertThat(policies()).isEqualTo(made).hasSize(3));
    await("labelled", () -> assertThat(policy("rouse-hands").getMetadata().getLabels()).hasSize(3));
    // And what is as it is to be is not written again: an apply would be seen in the version
    String version = policy("rouse-hands").getMetadata().getResourceVersion();
    apply(
        namespace,
        """
        apiVersion: rouse.dev/v1alpha1
        kind: Session
        metadata: {name: another}
        spec:
          agentRef: {name: coder}
          environmentRef: {name: box}
        """);
    server("another", "phase: Running\nprovider: vendor\nlog: {head: 1, bytes: 9}");
    await("its brain", () -> assertThat(living()).anyMatch(it -> it.startsWith("another-")));
    assertThat(policy("rouse-hands").getMetadata().getResourceVersion()).isEqualTo(version);
  }

  private NetworkPolicy policy(String name) {
    return admin.network().v1().networkPolicies().inNamespace(namespace).withName(name).get();
  }

  private List<NetworkPolicySpec> policies() {
    return admin.network().v1().networkPolicies().inNamespace(namespace).list().getItems().stream()
        .map(NetworkPolicy::getSpec)
        .toList();
  }

  private void patch(String policy, String change) {
    admin
        .network()
        .v1()
        .networkPolicies()
        .inNamespace(namespace)
        .withName(policy)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            Serialization.asJson(Serialization.unmarshal("---\n" + change, Map.class)));
  }
}
