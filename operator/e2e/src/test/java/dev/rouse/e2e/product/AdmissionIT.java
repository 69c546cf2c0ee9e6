package dev.rouse.e2e.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rouse.api.Rouse;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Kubectl.Result;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.SharedCluster;
import dev.rouse.e2e.cluster.WorkSession;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What roles cannot say: the shipped admission policies, met by somebody who may edit. */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(5)
class AdmissionIT {

  private static final String ONLY_THE_SERVER = "which only the Rouse server writes";

  private final Cluster cluster;
  private final Namespace namespace;
  private final KubernetesClient editor;
  private WorkSession session;

  AdmissionIT(Cluster cluster) {
    this.cluster = cluster;
    this.namespace = cluster.trials("admission");
    this.editor = cluster.as(namespace.name(), "editor");
  }

  @BeforeAll
  void work() {
    // May make everything of Rouse's and read no Secret.
    cluster.apply(
        """
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: author, namespace: admission}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: author, namespace: admission}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: rouse-edit}
        subjects: [{kind: ServiceAccount, name: author, namespace: admission}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: author-views, namespace: admission}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: rouse-view}
        subjects: [{kind: ServiceAccount, name: author, namespace: admission}]
        """);
    session = namespace.work("watched-over", "say: watched-over");
    session.awaitAnswer("Both pieces are done: say: watched-over");
  }

  @AfterAll
  void close() {
    editor.close();
  }

  private static ConfigMap configMap(String name, Map<String, String> labels) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("admission")
        .withLabels(labels)
        .endMetadata()
        .addToData("color", "blue")
        .build();
  }

  private List<ConfigMap> log() {
    return cluster
        .client()
        .configMaps()
        .inNamespace(namespace.name())
        .withLabel(Rouse.LOG_LABEL, session.uid())
        .list()
        .getItems();
  }

  private static void refuses(String because, ThrowingCallable call) {
    assertThatThrownBy(call).hasMessageContaining("denied request").hasMessageContaining(because);
  }

  @Test
  void nobodyMakesALogButTheServer() {
    // Given
    ConfigMap labelled = configMap("labelled", Map.of(Rouse.LOG_LABEL, session.uid()));
    ConfigMap named = configMap("rouse-" + UUID.randomUUID(), Map.of());
    ConfigMap part = configMap("rouse-" + UUID.randomUUID() + "-1x", Map.of());
    ConfigMap other = configMap("mine", Map.of());

    // When
    editor.resource(other).create();

    // Then
    refuses(ONLY_THE_SERVER, () -> editor.resource(labelled).create());
    refuses(ONLY_THE_SERVER, () -> editor.resource(named).create());
    refuses(ONLY_THE_SERVER, () -> editor.resource(part).create());
    refuses(
        ONLY_THE_SERVER,
        () ->
            editor
                .resource(other)
                .edit(it ->
                    new ConfigMapBuilder(it)
                        .editMetadata()
                        .addToLabels(Rouse.LOG_LABEL, "x")
                        .endMetadata()
                        .build()));
  }

  @Test
  void configMapsWithoutANameAreNoBusinessOfOurs() {
    // Given
    ConfigMap unnamed = configMap(null, Map.of());
    unnamed.getMetadata().setGenerateName("rouse-notes-");

    // When
    ConfigMap made = editor.resource(unnamed).create();

    // Then
    assertThat(made.getMetadata().getName()).startsWith("rouse-notes-");
  }

  @Test
  void nobodyChangesOrRemovesALogButTheServer() {
    // Given
    List<ConfigMap> before = log();
    ConfigMap tail = before.getFirst();

    // When
    Result all =
        cluster
            .kubectl()
            .tryRun("", "delete", "configmaps", "-n", "admission", "-l", Rouse.LOG_LABEL);

    // Then
    assertThat(all.exit()).isNotZero();
    assertThat(all.output()).contains(ONLY_THE_SERVER).contains("delete its Session");
    refuses(ONLY_THE_SERVER, () -> editor.resource(tail).delete());
    refuses(
        ONLY_THE_SERVER,
        () -> editor.configMaps().inNamespace("admission").withLabel(Rouse.LOG_LABEL).delete());
    refuses(
        ONLY_THE_SERVER,
        () ->
            editor
                .resource(tail)
                .edit(it -> new ConfigMapBuilder(it).addToData("head", "7").build()));
    refuses(
        ONLY_THE_SERVER,
        () ->
            editor
                .resource(tail)
                .edit(it ->
                    new ConfigMapBuilder(it)
                        .editMetadata()
                        .removeFromLabels(Rouse.LOG_LABEL)
                        .endMetadata()
                        .build()));
    assertThat(log()).isEqualTo(before);
  }

  @Test
  void nobodyMakesAWorkItemButTheServer() {
    // Given
    Lease labelled = lease("labelled", Map.of(Rouse.WORK_LABEL, session.uid()));
    Lease named = lease("rouse-work-" + session.uid(), Map.of());
    Lease other = lease("mine", Map.of());

    // When
    cluster.client().resource(other).create();

    // Then
    refuses(ONLY_THE_SERVER, () -> cluster.client().resource(labelled).create());
    refuses(ONLY_THE_SERVER, () -> cluster.client().resource(named).create());
  }

  private static Lease lease(String name, Map<String, String> labels) {
    return new LeaseBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("admission")
        .withLabels(labels)
        .endMetadata()
        .withNewSpec()
        .withLeaseDurationSeconds(90)
        .endSpec()
        .build();
  }

  @Test
  void theServerAndTheGarbageCollectorGoOn() {
    // Given
    WorkSession other = namespace.work("goes-on", "say: goes-on");
    other.awaitAnswer("Both pieces are done: say: goes-on");

    // When
    cluster.kubectl().run("delete", "sessions.rouse.dev", "goes-on", "-n", namespace.name());

    // Then
    await("its log is collected").atMost(WorkSession.PATIENCE).until(() -> other.traces() == 0);
  }

  @Test
  void aNamespaceWithSessionsGoes() {
    // Given
    Namespace going = cluster.namespace("admission-going");
    going.work("with-it", "say: with-it").awaitAnswer("Both pieces are done: say: with-it");

    // When
    cluster.kubectl().run("delete", "namespace", going.name(), "--wait=false");

    // Then
    await("the namespace is gone")
        .atMost(Duration.ofSeconds(60))
        .until(() -> cluster.client().namespaces().withName(going.name()).get() == null);
  }

  private static String provider(String name, String url, String more) {
    return """
    apiVersion: rouse.dev/v1alpha1
    kind: ModelProvider
    metadata: {name: %s, namespace: admission}
    spec:
      type: openai
      baseURL: %s
      models: [{name: m-%s}]
      %s
    """
        .formatted(name, url, name, more);
  }

  private Result applyAs(String account, String yaml) {
    return cluster
        .kubectl()
        .tryRun(yaml, "apply", "-f", "-", "--as=system:serviceaccount:admission:" + account);
  }

  private static final String KEY = "secretRef: {name: model-key, key: api-key}";

  @Test
  void aModelProviderIsForWhoMayReadItsSecret() {
    // When
    Result refused = applyAs("author", provider("stolen", "http://127.0.0.1:1", KEY));
    Result allowed = applyAs("editor", provider("ours", "http://127.0.0.1:1", KEY));
    Result without = applyAs("author", provider("keyless", "http://127.0.0.1:1", ""));

    // Then
    assertThat(refused.exit()).isNotZero();
    assertThat(refused.output())
        .contains("system:serviceaccount:admission:author may not get Secret model-key")
        .contains("in namespace admission");
    assertThat(allowed.exit()).as(allowed.output()).isZero();
    assertThat(without.exit()).as(without.output()).isZero();
  }

  @Test
  void aKeyIsSentNowhereElseByWhoMayNotReadIt() {
    // Given
    cluster.kubectl().apply(provider("moved", "http://127.0.0.1:1", KEY));

    // When
    Result moved = patchAsAuthor("{\"spec\":{\"baseURL\":\"http://127.0.0.1:2\"}}");
    Result labelled = patchAsAuthor("{\"metadata\":{\"labels\":{\"team\":\"a\"}}}");

    // Then
    assertThat(moved.exit()).isNotZero();
    assertThat(moved.output()).contains("may not get Secret model-key");
    assertThat(labelled.exit()).as(labelled.output()).isZero();
  }

  private Result patchAsAuthor(String patch) {
    return cluster
        .kubectl()
        .tryRun(
            "",
            "patch",
            "modelproviders.rouse.dev",
            "moved",
            "-n",
            "admission",
            "--type=merge",
            "--as=system:serviceaccount:admission:author",
            "-p",
            patch);
  }

  @Test
  void aForkIsForWhoMayReadTheSourcesLog() {
    // Given
    String fork =
        """
        apiVersion: rouse.dev/v1alpha1
        kind: Session
        metadata: {name: %s, namespace: admission}
        spec:
          agentRef: {name: worker}
          environmentRef: {name: default}
          forkFrom: {session: watched-over}
        """;

    // When
    Result refused = applyAs("editor", fork.formatted("copied-by-editor"));
    Result allowed = applyAs("approver", fork.formatted("copied-by-admin"));

    // Then
    assertThat(refused.exit()).isNotZero();
    assertThat(refused.output())
        .contains("may not get sessions/log of Session watched-over")
        .contains("rouse-approve");
    assertThat(allowed.exit()).as(allowed.output()).isZero();
  }

  @Test
  void nobodyMakesPodsOfASessionButTheOperator() {
    // Given
    Pod labelled = pod("labelled");
    labelled.getMetadata().setLabels(Map.of(Rouse.SESSION_LABEL, session.uid()));
    Pod owned = pod("watched-over-%s-brain-7".formatted(session.uid().substring(0, 8)));
    owned.getMetadata().setOwnerReferences(List.of(owner()));
    Pod other = pod("mine");

    // When
    editor.resource(other).create();

    // Then
    String because = "only the Rouse operator makes pods";
    refuses(because, () -> editor.resource(labelled).create());
    refuses(because, () -> editor.resource(owned).create());
    refuses(
        because,
        () ->
            editor
                .resource(other)
                .edit(it ->
                    new PodBuilder(it)
                        .editMetadata()
                        .withOwnerReferences(owner())
                        .endMetadata()
                        .build()));
  }

  private static Pod pod(String name) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("admission")
        .endMetadata()
        .withNewSpec()
        .addToNodeSelector("nowhere", "true")
        .addNewContainer()
        .withName("brain")
        .withImage("somebody-elses")
        .endContainer()
        .endSpec()
        .build();
  }

  private OwnerReference owner() {
    return new OwnerReferenceBuilder()
        .withApiVersion(Rouse.API_VERSION)
        .withKind("Session")
        .withName(session.name())
        .withUid(session.uid())
        .withController(true)
        .build();
  }
}
