package dev.rouse.devcluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The dev node, a program of its own, on a real API server that treats it as it does any node. */
class DevNodeIT extends NodeFixture {

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
    Pod pod = awaitPod("runs", NodeFixture::running);
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
            PatchContext.of(PatchType.STRATEGIC_MERGE),
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
    Pod pod = awaitPod("runs", NodeFixture::running);
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
  void restartsAnUnhealthyContainerAndKeepsTheFormerLog() throws Exception {
    // Given
    create(
        """
        restartPolicy: Always
        terminationGracePeriodSeconds: 1
        containers:
        - name: main
          image: any
          command: [sh, -c, 'echo run; touch $DIR/alive; exec sleep 1000']
          env: [{name: DIR, value: /work}]
          volumeMounts: [{name: work, mountPath: /work}]
          livenessProbe: {periodSeconds: 1, failureThreshold: 1, exec: {command: [sh, -c, 'test -e $DIR/alive']}}
        volumes: [{name: work, emptyDir: {}}]
        """);
    Pod pod = awaitPod("runs", NodeFixture::running);
    Path alive = node.data().resolve("volumes").resolve(uid(pod)).resolve("work/alive");
    await("alive").until(() -> Files.exists(alive));

    // When
    Files.delete(alive);

    // Then
    Pod after =
        awaitPod(
            "restarted",
            p ->
                running(p)
                    && p.getStatus().getContainerStatuses().getFirst().getRestartCount() == 1);
    var last = after.getStatus().getContainerStatuses().getFirst().getLastState().getTerminated();
    assertThat(last.getExitCode()).isEqualTo(137);
    assertThat(kubectl("logs", "pod", "--previous")).isEqualTo("run\n");
    delete();
  }

  @Test
  void servesHttpProbesOnThePodsOwnAddress() throws Exception {
    // Given
    Path program = directory.resolve("Serve.java");
    Files.writeString(
        program,
        """
        void main() throws Exception {
          var address = new java.net.InetSocketAddress(System.getenv("IP"), 8080);
          var server = com.sun.net.httpserver.HttpServer.create(address, 0);
          server.createContext("/", e -> { e.sendResponseHeaders(200, -1); e.close(); });
          server.start();
        }
        """);

    // When
    create(
        """
        containers:
        - name: main
          image: any
          command: ["%s", "%s"]
          ports: [{name: web, containerPort: 8080}]
          env: [{name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]
          readinessProbe: {periodSeconds: 30, httpGet: {path: /x, port: web}}
        """
            .formatted(ProcessHandle.current().info().command().orElseThrow(), program));

    // Then
    awaitPod("ready", p -> condition(p, "Ready").equals(Optional.of("True")));
    delete();
  }

  @Test
  void runsInitContainersInOrderAndStopsAtOneThatFails() {
    // Given
    String volume = "volumeMounts: [{name: work, mountPath: /work}]";

    // When
    create(
        """
        initContainers:
        - {name: one, image: any, command: [sh, -c, 'echo one >> $0', /work/order], %1$s}
        - {name: two, image: any, command: [sh, -c, 'echo two >> $0; exit 3', /work/order], %1$s}
        containers:
        - {name: main, image: any, command: [sh, -c, 'echo main >> $0', /work/order], %1$s}
        volumes: [{name: work, emptyDir: {}}]
        """
            .formatted(volume));

    // Then
    Pod pod = awaitPod("failed", p -> p.getStatus().getPhase().equals("Failed"));
    assertThat(node.data().resolve("volumes").resolve(uid(pod)).resolve("work/order"))
        .hasContent("one\ntwo");
    assertThat(waitingReason(pod)).isEqualTo("PodInitializing");
    assertThat(condition(pod, "Initialized")).hasValue("False");
  }

  @Test
  void saysWhyItRefusesWhatItCannotRun() {
    // Given
    String sidecar = "initContainers: [{name: s, image: any, command: [x], restartPolicy: Always}]";

    // When
    create(sidecar + "\ncontainers: [{name: main, image: any, command: [x]}]");

    // Then
    Pod pod = awaitPod("refused", p -> p.getStatus().getPhase().equals("Failed"));
    assertThat(pod.getStatus().getReason()).isEqualTo("UnsupportedByDevNode");
    assertThat(pod.getStatus().getMessage()).contains("\"s\"").contains("sidecar");
  }

  @Test
  void startsAPodWellWithinAFifthOfASecondOnceItIsWarm() throws Exception {
    // Given
    create("containers: [{name: main, image: any, command: [date, '+%s%N']}]");
    awaitPod("ended", p -> p.getStatus().getPhase().equals("Succeeded"));
    client.pods().inNamespace(namespace).withName("pod").withGracePeriod(0).delete();
    await("gone").until(() -> get() == null);

    // When
    Instant bound = Instant.now();
    create("containers: [{name: main, image: any, command: [date, '+%s%N']}]");

    // Then
    awaitPod("ended", p -> p.getStatus().getPhase().equals("Succeeded"));
    long nanos = Long.parseLong(log().strip());
    Duration taken = Duration.between(bound, Instant.ofEpochSecond(0, nanos));
    assertThat(taken).isLessThan(Duration.ofSeconds(1));
  }
}
