package dev.rouse.devcluster.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rouse.devcluster.pki.Pki;
import dev.rouse.devcluster.process.Leftovers;
import dev.rouse.devcluster.process.Run;
import dev.rouse.devcluster.tools.Tools;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The control plane on the real programs; one start serves all tests but the one that ends it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ControlPlaneIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final MovableClock clock = new MovableClock();
  private Run run;
  private ControlPlaneConfig config;
  private ControlPlane plane;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    run = Run.create(directory.resolve("run"));
    Path crd = Files.writeString(directory.resolve("crd.yaml"), CRD);
    config =
        ControlPlaneConfig.of(run, Tools.locate(System.getenv()))
            .withCrds(List.of(crd))
            .withAudit()
            .withClock(clock);
    plane = ControlPlane.start(config);
  }

  @AfterAll
  void stop() {
    if (plane != null) {
      plane.close();
    }
    assertThat(Leftovers.of(run)).isEmpty();
  }

  @Test
  void aPodIsScheduledToANodeThatRegistersItself() {
    // Given
    try (KubernetesClient node = client(plane.nodeKubeconfig())) {
      node.resource(readyNode()).create();
      // A patch without a resourceVersion: the node controllers write the object at the same time.
      node.nodes()
          .withName(Pki.NODE_NAME)
          .subresource("status")
          .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), Serialization.asJson(readyNode()));
    }

    // When
    plane
        .client()
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName("p")
                .withNamespace("default")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("c")
                .withImage("none")
                .endContainer()
                .endSpec()
                .build())
        .create();

    // Then
    await("the scheduler binds the pod")
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(
                    plane
                        .client()
                        .pods()
                        .inNamespace("default")
                        .withName("p")
                        .get()
                        .getSpec()
                        .getNodeName())
                .isEqualTo(Pki.NODE_NAME));
  }

  @Test
  void theNodeMayNotTouchAnotherNode() {
    try (KubernetesClient node = client(plane.nodeKubeconfig())) {
      assertThatThrownBy(() ->
              node.resource(
                      readyNode().edit().editMetadata().withName("other").endMetadata().build())
                  .create())
          .isInstanceOf(KubernetesClientException.class)
          .hasMessageContaining("is not allowed to");
    }
  }

  @Test
  void anAccountHasTheRightsItIsGivenAndNoOther() throws Exception {
    // Given
    account("limited");
    Path kubeconfig = plane.kubeconfigFor("default", "limited");

    // When
    try (KubernetesClient limited = client(kubeconfig)) {

      // Then
      assertThatThrownBy(() -> limited.pods().inNamespace("default").list())
          .isInstanceOf(KubernetesClientException.class)
          .hasMessageContaining("system:serviceaccount:default:limited")
          .hasMessageContaining("cannot list resource \"pods\"");
      assertThat(limited.getKubernetesVersion().getMinor()).isEqualTo("35");
    }
  }

  @Test
  void aTokenIsGoodForItsAudienceOnly() {
    // Given
    account("caller");

    // When
    String token = plane.tokenFor("default", "caller", "rouse", Duration.ofMinutes(10));

    // Then
    assertThat(review(token, "rouse").getStatus().getUser().getUsername())
        .isEqualTo("system:serviceaccount:default:caller");
    assertThat(review(token, "other").getStatus().getAuthenticated()).isNotEqualTo(true);
  }

  @Test
  void whatAnObjectOwnsGoesWithIt() {
    // Given
    GenericKubernetesResource owner =
        plane
            .client()
            .resource(
                new GenericKubernetesResourceBuilder()
                    .withApiVersion("test.rouse.dev/v1")
                    .withKind("Widget")
                    .withNewMetadata()
                    .withName("owner")
                    .withNamespace("default")
                    .endMetadata()
                    .build())
            .create();
    ConfigMap owned =
        plane
            .client()
            .resource(
                new ConfigMapBuilder()
                    .withNewMetadata()
                    .withName("owned")
                    .withNamespace("default")
                    .addNewOwnerReference()
                    .withApiVersion("test.rouse.dev/v1")
                    .withKind("Widget")
                    .withName("owner")
                    .withUid(owner.getMetadata().getUid())
                    .endOwnerReference()
                    .endMetadata()
                    .build())
            .create();

    // When
    Instant deleted = Instant.now();
    plane.client().resource(owner).delete();

    // Then
    await("the garbage collector removes the dependent")
        .atMost(PATIENCE)
        .until(() -> plane.client().resource(owned).get() == null);
    assertThat(Duration.between(deleted, Instant.now())).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void whatIsAcknowledgedSurvivesTheCrashOfEverything() throws Exception {
    // Given
    plane
        .client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("kept")
                .withNamespace("default")
                .endMetadata()
                .withData(Map.of("k", "v"))
                .build())
        .create();

    // When
    plane.kill(Program.APISERVER);
    plane.kill(Program.ETCD);
    plane.restart(Program.ETCD);
    plane.restart(Program.APISERVER);

    // Then
    assertThat(plane.client().configMaps().inNamespace("default").withName("kept").get().getData())
        .containsEntry("k", "v");
  }

  @Test
  void aTokenInAFileIsReplacedBeforeItExpires() throws Exception {
    // Given
    account("long-lived");
    Path kubeconfig = plane.kubeconfigFor("default", "long-lived");
    String first = Files.readString(kubeconfig);
    plane.tokens().refreshDue();
    assertThat(Files.readString(kubeconfig)).as("a fresh token stays").isEqualTo(first);

    // When
    clock.later = Duration.ofMinutes(31);
    plane.tokens().refreshDue();

    // Then
    assertThat(Files.readString(kubeconfig)).isNotEqualTo(first);
    try (KubernetesClient client = client(kubeconfig)) {
      assertThat(client.getKubernetesVersion().getMinor()).isEqualTo("35");
    }
  }

  @Test
  void theAuditLogNamesWhoDidWhat() {
    plane.client().namespaces().withName("default").get();

    await("the request is in the audit log")
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(Files.readString(config.auditLog())).contains("\"username\":\"admin\""));
  }

  /** The real time, and what a test adds to it. */
  private static final class MovableClock implements InstantSource {
    private volatile Duration later = Duration.ZERO;

    @Override
    public Instant instant() {
      return Instant.now().plus(later);
    }
  }

  private static KubernetesClient client(Path kubeconfig) {
    return new KubernetesClientBuilder()
        .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
        .build();
  }

  private void account(String name) {
    plane
        .client()
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .build())
        .create();
  }

  private TokenReview review(String token, String audience) {
    return plane
        .client()
        .resource(
            new TokenReviewBuilder()
                .withNewSpec()
                .withToken(token)
                .withAudiences(audience)
                .endSpec()
                .build())
        .create();
  }

  private static io.fabric8.kubernetes.api.model.Node readyNode() {
    Map<String, Quantity> room =
        Map.of("cpu", new Quantity("2"), "memory", new Quantity("4Gi"), "pods", new Quantity("10"));
    return new NodeBuilder()
        .withNewMetadata()
        .withName(Pki.NODE_NAME)
        .endMetadata()
        .withNewStatus()
        .withCapacity(room)
        .withAllocatable(room)
        .withConditions(
            new NodeConditionBuilder()
                .withType("Ready")
                .withStatus("True")
                .withReason("Test")
                .withLastHeartbeatTime(Instant.now().toString())
                .withLastTransitionTime(Instant.now().toString())
                .build())
        .endStatus()
        .build();
  }

  private static final String CRD =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata:
        name: widgets.test.rouse.dev
      spec:
        group: test.rouse.dev
        scope: Namespaced
        names: {kind: Widget, plural: widgets, singular: widget}
        versions:
          - name: v1
            served: true
            storage: true
            schema:
              openAPIV3Schema: {type: object}
      """;
}
