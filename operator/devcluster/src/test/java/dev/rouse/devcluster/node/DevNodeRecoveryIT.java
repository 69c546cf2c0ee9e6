package dev.rouse.devcluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.devcluster.file.Trees;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What dies and comes back: the node program, its sign of life, its disk. */
class DevNodeRecoveryIT extends NodeFixture {

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
    Pod before = awaitPod("runs", NodeFixture::running);
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

  @Test
  void goesOnWithPodsAfterItWasStopped() throws Exception {
    // Given
    create("containers: [{name: main, image: any, command: [sh, -c, 'sleep 0.5; exit 6']}]");
    awaitPod("runs", NodeFixture::running);

    // When
    signal("STOP");
    Path exit = node.data().resolve("pods").resolve(uid(get())).resolve("main/0/exit");
    await("ended while the node stood still").until(() -> Files.exists(exit));
    signal("CONT");

    // Then
    awaitPod("seen", p -> exitCode(p, "main").equals(Optional.of(6)));
  }

  @Test
  void endsItsPodsWhenAskedToEndAndReportsThemAfterwards() throws Exception {
    // Given
    create(
        """
        containers:
        - name: main
          image: any
          command: [sh, -c, 'trap "exit 9" TERM; while true; do sleep 0.05; done']
        """);
    Pod pod = awaitPod("runs", NodeFixture::running);
    Path pidFile = node.data().resolve("pods").resolve(uid(pod)).resolve("main/pid");
    await("pid").until(() -> Files.exists(pidFile));
    long pid = Long.parseLong(Files.readString(pidFile).strip());

    // When
    node.close();

    // Then
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    node.start();
    awaitPod("reported", p -> exitCode(p, "main").equals(Optional.of(9)));
  }

  @Test
  void leavesItsPodsWhenToldSo() throws Exception {
    // Given
    node.close();
    node.start("--leave-pods");
    create("containers: [{name: main, image: any, command: [sleep, '1000']}]");
    Pod pod = awaitPod("runs", NodeFixture::running);
    Path pidFile = node.data().resolve("pods").resolve(uid(pod)).resolve("main/pid");
    await("pid").until(() -> Files.exists(pidFile));
    long pid = Long.parseLong(Files.readString(pidFile).strip());

    // When
    node.close();

    // Then
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isPresent();
    node.start();
    delete();
    await("ended").until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void endsPodsThatWereRemovedWhileItWasDown() throws Exception {
    // Given
    create("containers: [{name: main, image: any, command: [sleep, '1000']}]");
    Pod pod = awaitPod("runs", NodeFixture::running);
    Path files = node.data().resolve("pods").resolve(uid(pod));
    await("pid").until(() -> Files.exists(files.resolve("main/pid")));
    long pid = Long.parseLong(Files.readString(files.resolve("main/pid")).strip());
    node.kill();
    delete();

    // When
    node.start();

    // Then
    await("process ended")
        .until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    await("files removed").until(() -> !Files.exists(files));
  }

  @Test
  void saysAgainThatItIsReadyWhenTheControlPlaneThoughtOtherwise() {
    // Given
    String unknown = "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"Unknown\"}]}}";

    // When
    client
        .nodes()
        .withName("rouse-dev")
        .subresource("status")
        .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), unknown);

    // Then
    node.awaitReady();
  }

  @Test
  void doesNotRunAPodTwiceWhoseFilesWereLost() throws Exception {
    // Given
    Path witness = directory.resolve("witness-" + namespace);
    create(
        "containers: [{name: main, image: any, command: [sh, -c, 'echo ran >> %s; exec sleep 1000']}]"
            .formatted(witness));
    Pod pod = awaitPod("runs", NodeFixture::running);
    await("ran").until(() -> Files.exists(witness));
    node.kill();
    Trees.delete(node.data().resolve("pods").resolve(uid(pod)));

    // When
    node.start();

    // Then
    Pod after = awaitPod("lost", p -> p.getStatus().getPhase().equals("Failed"));
    assertThat(exitCode(after, "main")).hasValue(137);
    assertThat(witness).hasContent("ran");
    delete();
  }
}
