package dev.rouse.devcluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dev node, a program of its own, on a real API server that treats it as it does any node. */
class DevNodeIT {

  @TempDir static Path directory;
  private static TestControlPlane controlPlane;
  private static TestNode node;
  private static KubernetesClient client;
  private static int namespaces;

  private String namespace;

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
      System.out.println(Files.readString(node.log()));
    }
    if (controlPlane != null) {
      controlPlane.close();
    }
  }

  @org.junit.jupiter.api.BeforeEach
  void makeNamespace() {
    namespace = controlPlane.namespace("test-" + namespaces++);
  }

  @Test
  void runsAPodToItsEndAndShowsItsLogThroughTheApiServer() {
    // Given
    client.resource(configMap("greeting", Map.of("word", "hello"))).create();

    // When
    create(
        """
        containers:
        - name: main
          image: any
          command: [sh, -c, 'echo $(WORD) from $NAME at $IP; echo kept > $(DIR)/file; exit 3']
          env:
          - {name: WORD, valueFrom: {configMapKeyRef: {name: greeting, key: word}}}
          - {name: NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
          - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
          - {name: DIR, value: /work}
          volumeMounts: [{name: work, mountPath: /work}]
        volumes: [{name: work, emptyDir: {}}]
        """);

    // Then
    Pod pod = awaitPod("ended", p -> p.getStatus().getPhase().equals("Failed"));
    var terminated = pod.getStatus().getContainerStatuses().getFirst().getState().getTerminated();
    assertThat(terminated.getExitCode()).isEqualTo(3);
    assertThat(terminated.getReason()).isEqualTo("Error");
    String ip = pod.getStatus().getPodIP();
    assertThat(ip).startsWith("127.88.1.");
    assertThat(log()).isEqualTo("hello from pod at %s\n".formatted(ip));
    assertThat(node.data().resolve("volumes").resolve(uid(pod)).resolve("work/file"))
        .hasContent("kept");
  }

  @Test
  void projectsATokenForTheRightAudienceOnly() throws Exception {
    // Given
    String audience = "rouse-brain";

    // When
    create(
        """
        containers:
        - name: main
          image: any
          command: [sh, -c, 'cat /dev/null; exec sleep 1000']
          volumeMounts: [{name: identity, mountPath: /id}]
        volumes:
        - name: identity
          projected:
            sources:
            - serviceAccountToken: {path: token, audience: rouse-brain, expirationSeconds: 600}
            - downwardAPI: {items: [{path: name, fieldRef: {fieldPath: metadata.name}}]}
        """);

    // Then
    Pod pod = awaitPod("runs", DevNodeIT::running);
    Path volume = node.data().resolve("volumes").resolve(uid(pod)).resolve("identity");
    String token = Files.readString(volume.resolve("token"));
    TokenReview right = review(token, audience);
    assertThat(right.getStatus().getAuthenticated()).isTrue();
    assertThat(right.getStatus().getUser().getExtra().get("authentication.kubernetes.io/pod-uid"))
        .containsExactly(uid(pod));
    assertThat(review(token, "other").getStatus().getAuthenticated()).isNotEqualTo(true);
    assertThat(volume.resolve("name")).hasContent("pod");
    delete();
  }

  @Test
  void waitsForAMissingSecretAndGoesOnWhenItIsThere() {
    // Given
    create(
        """
        containers:
        - name: main
          image: any
          command: [sh, -c, 'echo $KEY']
          env: [{name: KEY, valueFrom: {secretKeyRef: {name: later, key: key}}}]
        """);
    awaitPod("waits", pod -> "CreateContainerConfigError".equals(waitingReason(pod)));

    // When
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("later")
                .endMetadata()
                .withStringData(Map.of("key", "here"))
                .build())
        .create();

    // Then
    awaitPod("ended", pod -> pod.getStatus().getPhase().equals("Succeeded"));
    assertThat(log()).isEqualTo("here\n");
  }

  @Test
  void namesTheImagesItKnowsAndStartsOnceTheImageIsAdded() throws Exception {
    // Given
    create("containers: [{name: main, image: rouse.dev/unknown, args: [added]}]");
    awaitPod("no image", pod -> "ImagePullBackOff".equals(waitingReason(pod)));

    // When
    Files.writeString(
        node.images(), "images: {rouse.dev/unknown: {command: [echo, image], args: [unused]}}\n");

    // Then
    awaitPod("ended", pod -> pod.getStatus().getPhase().equals("Succeeded"));
    assertThat(log()).isEqualTo("image added\n");
  }

  @Test
  void becomesReadyWhenTheProbePassesAndTheGateHolds() {
    // Given
    create(
        """
        readinessGates: [{conditionType: example.org/gate}]
        containers:
        - name: main
          image: any
          command: [sh, -c, 'while [ ! -e $(DIR)/go ]; do sleep 0.05; done; touch $(DIR)/ready; exec sleep 1000']
          env: [{name: DIR, value: /work}]
          volumeMounts: [{name: work, mountPath: /work}]
          readinessProbe: {periodSeconds: 60, exec: {command: [sh, -c, 'test -e $DIR/ready']}}
        volumes: [{name: work, emptyDir: {}}]
        """);
    Pod pod = awaitPod("runs", DevNodeIT::running);
    assertThat(condition(pod, "ContainersReady")).hasValue("False");

    // When
    write(node.data().resolve("volumes").resolve(uid(pod)).resolve("work/go"), "");
    awaitPod("containers ready", p -> condition(p, "ContainersReady").equals(Optional.of("True")));
    assertThat(condition(get(), "Ready")).hasValue("False");
    client
        .pods()
        .inNamespace(namespace)
        .withName("pod")
        .subresource("status")
        .patch(
            io.fabric8.kubernetes.client.dsl.base.PatchContext.of(
                io.fabric8.kubernetes.client.dsl.base.PatchType.STRATEGIC_MERGE),
            "{\"status\":{\"conditions\":[{\"type\":\"example.org/gate\",\"status\":\"True\"}]}}");

    // Then
    awaitPod("ready", p -> condition(p, "Ready").equals(Optional.of("True")));
    delete();
  }

  @Test
  void deletionEndsEverythingAndFreesEverything() throws Exception {
    // Given
    create(
        """
        terminationGracePeriodSeconds: 1
        containers:
        - name: main
          image: any
          command: [sh, -c, 'trap "" TERM; (nohup sleep 987 &) ; echo up; while true; do sleep 0.1; done']
          volumeMounts: [{name: work, mountPath: /work}]
        volumes: [{name: work, emptyDir: {}}]
        """);
    Pod pod = awaitPod("runs", DevNodeIT::running);
    Path pidFile = node.data().resolve("pods").resolve(uid(pod)).resolve("main/pid");
    await("pid").until(() -> Files.exists(pidFile));
    long pid = Long.parseLong(Files.readString(pidFile).strip());
    assertThat(ProcessHandle.of(pid)).isPresent();

    // When
    client.pods().inNamespace(namespace).withName("pod").delete();

    // Then
    await("object gone").atMost(Duration.ofSeconds(15)).until(() -> get() == null);
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    await("files gone")
        .until(() ->
            !Files.exists(node.data().resolve("pods").resolve(uid(pod)))
                && !Files.exists(node.data().resolve("volumes").resolve(uid(pod))));
    assertThat(
            ProcessHandle.allProcesses()
                .filter(p -> p.info().commandLine().orElse("").contains("sleep 987")))
        .isEmpty();
  }

  @Test
  void adoptsRunningPodsAfterBeingKilled() throws Exception {
    // Given
    create(
        """
        containers:
        - {name: stays, image: any, command: [sleep, '1000']}
        - name: ends
          image: any
          command: [sh, -c, 'while [ ! -e $(DIR)/go ]; do sleep 0.05; done; exit 42']
          env: [{name: DIR, value: /work}]
          volumeMounts: [{name: work, mountPath: /work}]
        volumes: [{name: work, emptyDir: {}}]
        """);
    Pod before = awaitPod("runs", DevNodeIT::running);
    Path pidFile = node.data().resolve("pods").resolve(uid(before)).resolve("stays/pid");
    await("pid").until(() -> Files.exists(pidFile));
    String pid = Files.readString(pidFile);

    // When
    node.kill();
    write(node.data().resolve("volumes").resolve(uid(before)).resolve("work/go"), "");
    Path exit = node.data().resolve("pods").resolve(uid(before)).resolve("ends/0/exit");
    await("ended without a node").until(() -> Files.exists(exit));
    node.start();

    // Then
    Pod after = awaitPod("exit seen", p -> exitCode(p, "ends").equals(Optional.of(42)));
    assertThat(after.getStatus().getPhase()).isEqualTo("Running");
    assertThat(after.getStatus().getPodIP()).isEqualTo(before.getStatus().getPodIP());
    assertThat(Files.readString(pidFile)).isEqualTo(pid);
    assertThat(ProcessHandle.of(Long.parseLong(pid.strip()))).isPresent();
    delete();
  }

  private static boolean running(Pod pod) {
    return !pod.getStatus().getContainerStatuses().isEmpty()
        && pod.getStatus().getContainerStatuses().stream()
            .allMatch(status -> status.getState().getRunning() != null);
  }

  private static String waitingReason(Pod pod) {
    var statuses = pod.getStatus().getContainerStatuses();
    return statuses.isEmpty() || statuses.getFirst().getState().getWaiting() == null
        ? ""
        : statuses.getFirst().getState().getWaiting().getReason();
  }

  private static Optional<Integer> exitCode(Pod pod, String container) {
    return pod.getStatus().getContainerStatuses().stream()
        .filter(status -> status.getName().equals(container))
        .flatMap(status -> Optional.ofNullable(status.getState().getTerminated()).stream())
        .map(terminated -> terminated.getExitCode())
        .findFirst();
  }

  private static Optional<String> condition(Pod pod, String type) {
    return pod.getStatus().getConditions().stream()
        .filter(condition -> condition.getType().equals(type))
        .map(PodCondition::getStatus)
        .findFirst();
  }

  private static String uid(Pod pod) {
    return pod.getMetadata().getUid();
  }

  private void create(String spec) {
    String yaml =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: pod, namespace: %s}
        spec:
          nodeName: rouse-dev
          restartPolicy: Never
          automountServiceAccountToken: false
        """
            .formatted(namespace);
    client.resource(yaml + spec.indent(2)).create();
  }

  private Pod get() {
    return client.pods().inNamespace(namespace).withName("pod").get();
  }

  private void delete() {
    client.pods().inNamespace(namespace).withName("pod").withGracePeriod(0).delete();
  }

  private String log() {
    return client.pods().inNamespace(namespace).withName("pod").getLog();
  }

  private Pod awaitPod(String alias, Predicate<Pod> holds) {
    return await(alias)
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(50))
        .until(this::get, holds);
  }

  private io.fabric8.kubernetes.api.model.ConfigMap configMap(
      String name, Map<String, String> data) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .endMetadata()
        .withData(data)
        .build();
  }

  private TokenReview review(String token, String audience) {
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

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
