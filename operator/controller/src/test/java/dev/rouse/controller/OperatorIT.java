package dev.rouse.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.crd.ApiServer;
import dev.rouse.api.probe.Meters;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.ResourceQuotaStatus;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.Operator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The started operator as its ServiceAccount, with the shipped roles and no more, over a real API
 * server in a namespace that enforces restricted Pod Security. The kubelet is played by hand, the
 * server too, as its own ServiceAccount.
 */
class OperatorIT {

  private static final Path ROOT = Path.of(System.getProperty("rouse.root"));
  private static final String ACCOUNT = "system:serviceaccount:rouse-system:";

  private static final Set<String> CLUSTER_SCOPED =
      Set.of(
          "Namespace",
          "ClusterRole",
          "ClusterRoleBinding",
          "CustomResourceDefinition",
          "ValidatingAdmissionPolicy",
          "ValidatingAdmissionPolicyBinding");

  private static ApiServer server;
  private static KubernetesClient admin;
  private static KubernetesClient asOperator;
  private static KubernetesClient asServer;
  private static Operator operator;

  private final String namespace = "team-" + UUID.randomUUID().toString().substring(0, 8);

  @BeforeAll
  static void start() throws IOException {
    server = ApiServer.start();
    admin = server.client();
    for (String directory : List.of("crds", "helm/rouse/files")) {
      if (directory.startsWith("helm")) {
        apply("default", "{apiVersion: v1, kind: Namespace, metadata: {name: rouse-system}}");
      }
      for (Path file : yaml(ROOT.resolve(directory))) {
        apply("default", Files.readString(file));
      }
    }
    asOperator = as("rouse-operator");
    asServer = as("rouse-server");
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
    server.close();
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

  @Test
  void theOperatorMayNotReadLogsNorListSecrets() {
    assertThatThrownBy(() -> asOperator.secrets().inNamespace(namespace).list())
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("forbidden");
    assertThatThrownBy(() -> asOperator.configMaps().inNamespace(namespace).list())
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("forbidden");
  }

  @Test
  void goldenInputsAreValid() throws IOException {
    // Given
    Path golden = ROOT.resolve("operator/controller/src/test/resources/golden");
    try (Stream<Path> inputs = Files.walk(golden)) {
      for (Path input :
          inputs.filter(it -> it.getFileName().toString().startsWith("in-")).toList()) {
        GenericKubernetesResource object =
            Serialization.unmarshal(Files.readString(input), GenericKubernetesResource.class);
        object.getMetadata().setNamespace(namespace);
        object.getMetadata().setUid(null);
        object.getMetadata().setName("golden");
        // When
        HasMetadata accepted =
            admin
                .resource(object)
                .inNamespace(namespace)
                .dryRun()
                .fieldValidation(Validation.STRICT)
                .create();
        // Then
        assertThat(accepted).as(input.toString()).isNotNull();
      }
    }
  }

  private static final String READY =
      "{phase: Running, podIP: 10.0.0.9, podIPs: [{ip: 10.0.0.9}], conditions: [{type: Ready, status: 'True'}]}";

  private SessionStatus status() {
    SessionStatus status =
        admin.resources(Session.class).inNamespace(namespace).withName("hello").get().getStatus();
    assertThat(status).isNotNull();
    return status;
  }

  private List<String> living() {
    return admin.pods().inNamespace(namespace).list().getItems().stream()
        .filter(it -> it.getMetadata().getDeletionTimestamp() == null)
        .map(it -> it.getMetadata().getName())
        .toList();
  }

  private void server(String status) {
    server("hello", status);
  }

  private void server(String name, String status) {
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

  private void kubelet(String name, String status) {
    Pod pod = admin.pods().inNamespace(namespace).withName(name).get();
    pod.setStatus(Serialization.unmarshal("---\n" + status, PodStatus.class));
    admin.resource(pod).updateStatus();
  }

  private static void apply(String namespace, String documents) {
    for (String document : documents.split("(?m)^---$")) {
      HasMetadata object =
          Serialization.unmarshal(document.startsWith("{") ? "---\n" + document : document);
      boolean inNamespace =
          !CLUSTER_SCOPED.contains(object.getKind()) && object.getMetadata().getNamespace() == null;
      if (inNamespace) {
        object.getMetadata().setNamespace(namespace);
      }
      admin.resource(object).create();
    }
  }

  private static List<Path> yaml(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(it -> it.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  private static KubernetesClient as(String account) {
    Config config = Config.fromKubeconfig(new String(server.kubeconfig(), StandardCharsets.UTF_8));
    config.setImpersonateUsername(ACCOUNT + account);
    config.setImpersonateGroups(
        "system:serviceaccounts", "system:serviceaccounts:rouse-system", "system:authenticated");
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private static void await(String alias, ThrowingRunnable assertion) {
    Awaitility.await(alias)
        .atMost(30, TimeUnit.SECONDS)
        .pollInterval(100, TimeUnit.MILLISECONDS)
        .ignoreException(KubernetesClientException.class)
        .untilAsserted(assertion);
  }
}
