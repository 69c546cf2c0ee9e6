package dev.rouse.e2e.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.api.Rouse;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.RouseCommand;
import dev.rouse.e2e.cluster.SharedCluster;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The command line with a kubeconfig that holds only a client certificate, and a server that runs
 * as a pod with a certificate of its own making: nothing between them but the Kubernetes API.
 */
@ExtendWith(SharedCluster.class)
@Order(6)
class ConnectIT {

  private static final String NAMESPACE = "connect";

  private static final String SERVER =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: %1$s
        namespace: rouse-system
        labels: {app.kubernetes.io/name: rouse, app.kubernetes.io/component: server}
      spec:
        automountServiceAccountToken: false
        terminationGracePeriodSeconds: 5
        containers:
        - name: server
          image: rouse.dev/brain:dev
          command: ["%2$s", -Xmx192m, -XX:+UseSerialGC, -XX:TieredStopAtLevel=1, -cp, "%3$s", dev.rouse.server.Main]
          env:
          - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
          - {name: ROUSE_LISTEN, value: "$(POD_IP):8443"}
          - {name: KUBECONFIG, value: "%4$s"}
          ports: [{name: https, containerPort: 8443}]
          readinessProbe: {httpGet: {scheme: HTTPS, path: /readyz, port: 8443}, periodSeconds: 1}
      """;

  private static final String SESSION =
      """
      apiVersion: rouse.dev/v1alpha1
      kind: Session
      metadata: {name: talk}
      spec:
        agentRef: {name: worker}
        environmentRef: {name: default}
        messages:
          - {id: first, text: "one at a time"}
      """;

  private final Cluster cluster;
  private final Namespace namespace;
  private final RouseCommand rouse;

  ConnectIT(Cluster cluster) {
    this.cluster = cluster;
    this.namespace = cluster.namespace(NAMESPACE);
    this.rouse =
        new RouseCommand(cluster.root(), cluster.launcher().controlPlane().adminKubeconfig());
  }

  @BeforeEach
  void startServer() {
    start("server-1");
  }

  @AfterEach
  void stopServers() {
    var servers =
        cluster
            .client()
            .pods()
            .inNamespace(Rouse.RELEASE_NAMESPACE)
            .withLabel("app.kubernetes.io/component", "server");
    servers.delete();
    await("the server pods are gone")
        .atMost(Duration.ofMinutes(1))
        .until(() -> servers.list().getItems().isEmpty());
  }

  private void start(String name) {
    String target = cluster.root().resolve("operator/server/target").toString();
    cluster.apply(
        SERVER.formatted(
            name,
            ProcessHandle.current().info().command().orElseThrow(),
            target + "/rouse-server-0.1.0-SNAPSHOT.jar:" + target + "/lib/*",
            cluster.serverKubeconfig()));
    await("server pod " + name + " is ready")
        .atMost(Duration.ofMinutes(1))
        .until(() -> isReady(name));
  }

  private boolean isReady(String name) {
    Pod pod = cluster.client().pods().inNamespace(Rouse.RELEASE_NAMESPACE).withName(name).get();
    return pod != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(it -> it.getType().equals("Ready") && it.getStatus().equals("True"));
  }

  @Test
  void aClientCertificateIsEnoughToWatchAndAKeyIsMadeWithIt() throws Exception {
    // Given
    assertThat(Files.readString(rouse.kubeconfig()))
        .contains("client-certificate-data")
        .doesNotContain("token:");
    namespace.apply(SESSION);
    namespace.existing("talk").awaitAnswer("Both pieces are done: one at a time");

    // When
    String list = rouse.run(Map.of(), "ls", "-n", NAMESPACE).out();
    String key =
        rouse.run(Map.of(), "key", "create", "--as-sa", NAMESPACE + "/reader").out().strip();
    String byToken =
        rouse
            .run(
                Map.of(),
                "watch",
                "talk",
                "--until-idle",
                "-n",
                NAMESPACE,
                "--as-sa",
                "reader",
                "-o",
                "json")
            .out();
    String byKey =
        rouse
            .run(
                Map.of("ROUSE_TOKEN", key),
                "watch",
                "talk",
                "--until-idle",
                "-n",
                NAMESPACE,
                "-o",
                "json")
            .out();

    // Then
    assertThat(list).contains("talk", "worker", "Idle");
    assertThat(key).startsWith("rouse_");
    assertThat(byToken).contains("agent.message", "Both pieces are done").isEqualTo(byKey);
    assertThat(rouse.run(Map.of(), "key", "list").out())
        .contains(NAMESPACE + "/reader")
        .doesNotContain(key);
  }

  @Test
  void aKeyThatNobodyMadeIsRefusedInTheServersOwnWords() {
    // Given
    namespace.apply(SESSION);

    // When
    RouseCommand.Result result =
        rouse.tryRun(
            Map.of("ROUSE_TOKEN", "rouse_" + "x".repeat(43)), "watch", "talk", "-n", NAMESPACE);

    // Then
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("401").contains("the API key is not valid");
  }

  @Test
  void withoutAServerPodTheErrorSaysWhereToLook() {
    // Given
    stopServers();
    namespace.apply(SESSION);

    // When
    RouseCommand.Result result =
        rouse.tryRun(Map.of(), "watch", "talk", "-n", NAMESPACE, "--as-sa", "reader");

    // Then
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("no server pod is ready in namespace rouse-system");
  }
}
