package dev.rouse.devcluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * A control plane and a dev node for all tests of a class, and a namespace with at most one pod,
 * named "pod", for each test.
 */
abstract class NodeFixture {

  @TempDir static Path directory;
  static TestControlPlane controlPlane;
  static TestNode node;
  static KubernetesClient client;
  private static int namespaces;

  String namespace;

  @BeforeAll
  static void start() throws Exception {
    controlPlane = new TestControlPlane(directory);
    client = controlPlane.admin();
    node = new TestNode(controlPlane, directory.resolve("node"), "127.88.1.0/24");
    node.awaitReady();
  }

  @AfterAll
  static void stop() throws Exception {
    if (node != null) {
      node.close();
    }
    if (controlPlane != null) {
      controlPlane.close();
    }
  }

  @BeforeEach
  void makeNamespace() {
    namespace = controlPlane.namespace("test-" + namespaces++);
  }

  static void signal(String name) throws Exception {
    long pid = node.process().pid();
    assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor())
        .isZero();
  }

  String kubectl(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                controlPlane.program("kubectl").toString(),
                "--kubeconfig=" + controlPlane.kubeconfig("admin"),
                "--namespace=" + namespace));
    command.addAll(List.of(arguments));
    return output(command);
  }

  static String curl(String url, String user) throws Exception {
    return output(
        List.of(
            "curl",
            "--silent",
            "--max-time",
            "10",
            "--cacert",
            controlPlane.pki().ca().toString(),
            "--cert",
            controlPlane.pki().certificate(user).toString(),
            "--key",
            controlPlane.pki().key(user).toString(),
            url));
  }

  static String output(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return text;
  }

  static boolean running(Pod pod) {
    return !pod.getStatus().getContainerStatuses().isEmpty()
        && pod.getStatus().getContainerStatuses().stream()
            .allMatch(status -> status.getState().getRunning() != null);
  }

  static String waitingReason(Pod pod) {
    var statuses = pod.getStatus().getContainerStatuses();
    return statuses.isEmpty() || statuses.getFirst().getState().getWaiting() == null
        ? ""
        : statuses.getFirst().getState().getWaiting().getReason();
  }

  static Optional<Integer> exitCode(Pod pod, String container) {
    return pod.getStatus().getContainerStatuses().stream()
        .filter(status -> status.getName().equals(container))
        .flatMap(status -> Optional.ofNullable(status.getState().getTerminated()).stream())
        .map(terminated -> terminated.getExitCode())
        .findFirst();
  }

  static Optional<String> condition(Pod pod, String type) {
    return pod.getStatus().getConditions().stream()
        .filter(condition -> condition.getType().equals(type))
        .map(PodCondition::getStatus)
        .findFirst();
  }

  static String uid(Pod pod) {
    return pod.getMetadata().getUid();
  }

  void create(String spec) {
    String yaml =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: pod, namespace: %s}
        spec:
          nodeName: rouse-dev
          %s
          automountServiceAccountToken: false
        """
            .formatted(
                namespace,
                spec.contains("restartPolicy: Always\nterm") ? "" : "restartPolicy: Never");
    client.resource(yaml + spec.indent(2)).create();
  }

  Pod get() {
    return client.pods().inNamespace(namespace).withName("pod").get();
  }

  void delete() {
    client.pods().inNamespace(namespace).withName("pod").withGracePeriod(0).delete();
  }

  String log() {
    return client.pods().inNamespace(namespace).withName("pod").getLog();
  }

  Pod awaitPod(String alias, Predicate<Pod> holds) {
    return await(alias)
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(50))
        .until(this::get, holds);
  }

  ConfigMap configMap(String name, Map<String, String> data) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .endMetadata()
        .withData(data)
        .build();
  }

  TokenReview review(String token, String audience) {
    return client
        .resource(
            new TokenReviewBuilder()
                .withNewSpec()
                .withToken(token)
                .withAudiences(audience)
                .endSpec()
                .build())
        .create();
  }

  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
