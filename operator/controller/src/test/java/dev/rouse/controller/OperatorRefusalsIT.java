package dev.rouse.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ResourceQuotaStatus;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

/** What the cluster refuses the installed operator: by its roles, and by quotas. */
class OperatorRefusalsIT extends InstalledOperatorScenario {

  @Test
  void whatTheClusterRefusesIsSaidAndHeals() {
    // Given a namespace without room for another pod
    apply(
        namespace,
        """
        apiVersion: v1
        kind: ResourceQuota
        metadata: {name: none}
        spec: {hard: {pods: "0"}}
        """);
    // No controller runs here that would count.
    admin
        .resourceQuotas()
        .inNamespace(namespace)
        .withName("none")
        .editStatus(it -> {
          it.setStatus(
              Serialization.unmarshal(
                  "---\n{hard: {pods: '0'}, used: {pods: '0'}}", ResourceQuotaStatus.class));
          return it;
        });
    server("phase: Running\nprovider: vendor\nlog: {head: 1, bytes: 9}");
    await(
        "said",
        () ->
            assertThat(status().conditions())
                .filteredOn(it -> it.getType().equals("Reconciling"))
                .singleElement()
                .satisfies(it -> {
                  assertThat(it.getReason()).isEqualTo("Refused");
                  assertThat(it.getMessage()).contains("exceeded quota");
                }));
    // When
    admin.resourceQuotas().inNamespace(namespace).withName("none").delete();
    // Then
    await("healed", () -> assertThat(status().harness()).isNotNull());
  }

  @Test
  void aClusterThatRefusesAPolicyGetsNoPod() {
    // Given a namespace without room for policies
    apply(
        namespace,
        """
        apiVersion: v1
        kind: ResourceQuota
        metadata: {name: none}
        spec: {hard: {count/networkpolicies.networking.k8s.io: "2"}}
        """);
    admin
        .resourceQuotas()
        .inNamespace(namespace)
        .withName("none")
        .editStatus(it -> {
          it.setStatus(
              Serialization.unmarshal(
                  "---\n{hard: {count/networkpolicies.networking.k8s.io: '2'}, used: {count/networkpolicies.networking.k8s.io: '0'}}",
                  ResourceQuotaStatus.class));
          return it;
        });
    // When
    server("phase: Running\nprovider: vendor\nlog: {head: 1, bytes: 9}");
    // Then
    await(
        "said",
        () ->
            assertThat(status().conditions())
                .filteredOn(it -> it.getType().equals("Reconciling"))
                .singleElement()
                .satisfies(it -> {
                  assertThat(it.getReason()).isEqualTo("PolicyRefused");
                  assertThat(it.getMessage())
                      .startsWith("NetworkPolicy rouse-hands-unrestricted is refused")
                      .contains("exceeded quota");
                }));
    assertThat(living()).isEmpty();
  }

  @Test
  void theOperatorMayNotReadLogsNorListSecrets() {
    assertThatThrownBy(() -> asOperator.secrets().inNamespace(namespace).list())
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("forbidden");
    assertThatThrownBy(() -> asOperator.configMaps().inNamespace(namespace).list())
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("forbidden");
  }
}
