package dev.rouse.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.probe.Meters;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.Operator;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/**
 * The started operator as its ServiceAccount, with the shipped roles and no more, over a real API
 * server in a namespace that enforces restricted Pod Security. The kubelet is played by hand, the
 * server too, as its own ServiceAccount.
 */
abstract class InstalledOperatorScenario {

  private static Installation installation;
  static KubernetesClient admin;
  static KubernetesClient asOperator;
  private static KubernetesClient asServer;
  private static Operator operator;

  final String namespace = "team-" + UUID.randomUUID().toString().substring(0, 8);

  @BeforeAll
  static void start() throws IOException {
    installation = Installation.start();
    admin = installation.admin();
    asOperator = installation.as("rouse-operator");
    asServer = installation.as("rouse-server");
    await(
        "the roles are in force",
        () -> asOperator.resources(Session.class).inAnyNamespace().list());
    operator =
        Operators.create(
            asOperator,
            Settings.from(
                Map.of(
                    "ROUSE_SERVER_URL", "https://server",
                    "ROUSE_BRAIN_IMAGE", "brain:1",
                    "ROUSE_HANDS_IMAGE", "hands:1",
                    "ROUSE_SECRET_RECHECK", "PT0.5S")),
            Clock.systemUTC(),
            () -> UUID.randomUUID().toString().substring(0, 8),
            () -> {},
            new Meters());
    operator.start();
  }

  @AfterAll
  static void stop() {
    operator.stop();
    asOperator.close();
    asServer.close();
    installation.close();
  }

  @BeforeEach
  void namespace() {
    apply(
        "default",
        """
        apiVersion: v1
        kind: Namespace
        metadata:
          name: %s
          labels: {pod-security.kubernetes.io/enforce: restricted}
        """
            .formatted(namespace));
    apply(
        namespace,
        """
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: default}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: vendor}
        stringData: {api-key: secret}
        ---
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
        ---
        apiVersion: rouse.dev/v1alpha1
        kind: Session
        metadata: {name: hello}
        spec:
          agentRef: {name: coder}
          environmentRef: {name: box}
        """);
  }

  SessionStatus status() {
    SessionStatus status =
        admin.resources(Session.class).inNamespace(namespace).withName("hello").get().getStatus();
    assertThat(status).isNotNull();
    return status;
  }

  List<String> living() {
    return admin.pods().inNamespace(namespace).list().getItems().stream()
        .filter(it -> it.getMetadata().getDeletionTimestamp() == null)
        .map(it -> it.getMetadata().getName())
        .toList();
  }

  void server(String status) {
    server("hello", status);
  }

  void server(String name, String status) {
    GenericKubernetesResource session =
        Serialization.unmarshal(
            "apiVersion: rouse.dev/v1alpha1\nkind: Session\nmetadata: {name: %s}\nstatus:\n"
                    .formatted(name)
                + status.indent(2),
            GenericKubernetesResource.class);
    asServer
        .resource(session)
        .inNamespace(namespace)
        .subresource("status")
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("rouse-server")
                .build());
  }

  void kubelet(String name, String status) {
    Pod pod = admin.pods().inNamespace(namespace).withName(name).get();
    pod.setStatus(Serialization.unmarshal("---\n" + status, PodStatus.class));
    admin.resource(pod).updateStatus();
  }

  static void apply(String namespace, String documents) {
    installation.apply(namespace, documents);
  }

  static void await(String alias, ThrowingRunnable assertion) {
    Awaitility.await(alias)
        .atMost(30, TimeUnit.SECONDS)
        .pollInterval(100, TimeUnit.MILLISECONDS)
        .ignoreException(KubernetesClientException.class)
        .untilAsserted(assertion);
  }
}
