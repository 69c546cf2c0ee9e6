package dev.rouse.devcluster.node;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A dev node in a JVM of its own, under the identity a node has. */
final class TestNode implements AutoCloseable {

  private final TestControlPlane controlPlane;
  private final Path directory;
  private final String addressRange;
  private Process process;

  TestNode(TestControlPlane controlPlane, Path directory, String addressRange) throws IOException {
    this.controlPlane = controlPlane;
    this.directory = Files.createDirectories(directory);
    this.addressRange = addressRange;
    Files.writeString(images(), "images: {}\n");
    start();
  }

  Path images() {
    return directory.resolve("images.yaml");
  }

  Path data() {
    return directory.resolve("data");
  }

  void start(String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--kubeconfig",
                controlPlane.kubeconfig("node").toString(),
                "--data",
                data().toString(),
                "--images",
                images().toString(),
                "--address-range",
                addressRange,
                "--serving-cert",
                controlPlane.pki().certificate("node").toString(),
                "--serving-key",
                controlPlane.pki().key("node").toString(),
                "--client-ca",
                controlPlane.pki().ca().toString()));
    command.addAll(List.of(more));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
  }

  Path log() {
    return directory.resolve("node.log");
  }

  Process process() {
    return process;
  }

  /** As a crash would: nothing is cleaned up. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
  }

  int port() {
    Node node = controlPlane.admin().nodes().withName("rouse-dev").get();
    return node.getStatus().getDaemonEndpoints().getKubeletEndpoint().getPort();
  }

  void awaitReady() {
    await("node Ready")
        .atMost(Duration.ofSeconds(40))
        .until(() -> {
          Node node = controlPlane.admin().nodes().withName("rouse-dev").get();
          return node != null
              && node.getStatus() != null
              && node.getStatus().getConditions().stream()
                  .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
        });
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
