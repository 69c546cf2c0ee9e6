package dev.rouse.devcluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The node's HTTPS endpoint, through the API server and directly. */
class KubeletEndpointIT extends NodeFixture {

  @Test
  void followsALogWithTimestamps() throws Exception {
    // Given
    create(
        "containers: [{name: main, image: any, command: [sh, -c, 'echo a; sleep 0.3; echo b']}]");
    awaitPod("started", p -> running(p) || p.getStatus().getPhase().equals("Succeeded"));

    // When
    String text = kubectl("logs", "-f", "--timestamps", "pod");

    // Then
    assertThat(text.lines()).hasSize(2).allMatch(line -> line.matches("20\\d\\d-\\S+Z [ab]"));
  }

  @Test
  void letsNobodyReadLogsWithoutAnAdminsCertificate() throws Exception {
    // Given
    create("containers: [{name: main, image: any, command: [echo, secret]}]");
    awaitPod("ended", p -> p.getStatus().getPhase().equals("Succeeded"));
    String url = "https://127.0.0.1:%d/containerLogs/%s/pod/main".formatted(node.port(), namespace);

    // When
    String stranger = curl(url, "stranger");

    // Then
    assertThat(stranger).contains("client certificate").doesNotContain("secret");
    assertThat(curl(url, "kubelet-client")).isEqualTo("secret\n");
  }

  @Test
  void listsTheProcessesOfItsPods() throws Exception {
    // Given
    create("containers: [{name: main, image: any, command: [sleep, '1000']}]");
    Pod pod = awaitPod("runs", NodeFixture::running);
    String url = "https://127.0.0.1:%d/pods".formatted(node.port());
    Path pidFile = node.data().resolve("pods").resolve(uid(pod)).resolve("main/pid");

    // When
    String list = curl(url, "admin");

    // Then
    assertThat(list).contains(uid(pod)).contains("\"pid\" : " + Files.readString(pidFile).strip());
    delete();
  }

  @Test
  void saysThatItHasNoExec() throws Exception {
    // Given
    create("containers: [{name: main, image: any, command: [sleep, '1000']}]");
    awaitPod("runs", NodeFixture::running);
    String url = "https://127.0.0.1:%d/exec/%s/pod/main".formatted(node.port(), namespace);

    // When
    String answer = curl(url, "admin");

    // Then
    assertThat(answer).contains("the dev node has no exec");
    delete();
  }
}
