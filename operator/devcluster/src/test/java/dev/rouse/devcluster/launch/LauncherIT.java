package dev.rouse.devcluster.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rouse.devcluster.process.Leftovers;
import dev.rouse.devcluster.process.Progress;
import dev.rouse.devcluster.process.Run;
import dev.rouse.devcluster.tools.Tools;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher as a program of its own and as a library, on a real control plane. */
class LauncherIT {

  private static final Set<String> NONE_OF_OURS =
      Set.of("node", "provisioner", "model", "server", "operator");

  @TempDir private Path parent;

  @AfterEach
  void endWhatIsLeft() throws InterruptedException {
    Leftovers.end(new Run(parent.resolve("dev")), Duration.ZERO);
  }

  @Test
  void aKilledLauncherTakesItsClusterAlongAndTheNextOneStartsAfresh() throws Exception {
    // Given
    Path directory = parent.resolve("dev");
    Path output = parent.resolve("out");
    Process launcher = up(directory, output);
    await("the cluster is up")
        .atMost(Duration.ofSeconds(60))
        .until(() -> Files.readString(output).contains("export KUBECONFIG=" + directory));
    assertThat(Leftovers.of(new Run(directory))).hasSizeGreaterThanOrEqualTo(4);
    assertThatThrownBy(() -> Launcher.start(config(directory)))
        .hasMessageContaining("kill " + launcher.pid());

    // When
    launcher.destroyForcibly().waitFor();

    // Then
    await("every process of it ends by itself")
        .atMost(Duration.ofSeconds(30))
        .until(() -> Leftovers.of(new Run(directory)).isEmpty());
    try (Launcher next = Launcher.start(config(directory))) {
      theClusterIsSetUp(next.controlPlane().client());
    }
    assertThat(directory).doesNotExist();
    assertThat(Leftovers.of(new Run(directory))).isEmpty();
  }

  @Test
  void askedToStopItLeavesNothing() throws Exception {
    // Given
    Path directory = parent.resolve("dev");
    Path output = parent.resolve("out");
    Process launcher = up(directory, output);
    await("the API server starts")
        .atMost(Duration.ofSeconds(30))
        .until(() -> Files.exists(directory.resolve("logs").resolve("kube-apiserver.log")));

    // When
    launcher.destroy();
    launcher.waitFor();

    // Then
    assertThat(Leftovers.of(new Run(directory))).isEmpty();
  }

  @Test
  void aMisspeltComponentIsRefusedBeforeAnythingStarts() {
    LauncherConfig config =
        new LauncherConfig(
            root(),
            parent.resolve("dev"),
            Tools.locate(System.getenv()),
            Set.of("sever"),
            false,
            false,
            Progress.SILENT);

    assertThatThrownBy(() -> Launcher.start(config))
        .hasMessageContaining("sever")
        .hasMessageContaining("server");
    assertThat(parent.resolve("dev")).doesNotExist();
  }

  private static void theClusterIsSetUp(KubernetesClient client) {
    assertThat(client.serviceAccounts().inNamespace("rouse-system").list().getItems())
        .extracting(account -> account.getMetadata().getName())
        .contains("rouse-operator", "rouse-server");
    StorageClass storage = client.storage().v1().storageClasses().withName("rouse-dev").get();
    assertThat(storage.getVolumeBindingMode()).isEqualTo("WaitForFirstConsumer");
    assertThat(storage.getMetadata().getAnnotations())
        .containsEntry("storageclass.kubernetes.io/is-default-class", "true");
  }

  private static Process up(Path directory, Path output) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            dev.rouse.devcluster.Main.class.getName(),
            "up",
            "--root",
            root().toString(),
            "--run-dir",
            directory.toString(),
            "--without",
            String.join(",", NONE_OF_OURS))
        .redirectErrorStream(true)
        .redirectOutput(Redirect.to(output.toFile()))
        .start();
  }

  private static LauncherConfig config(Path directory) {
    return new LauncherConfig(
        root(),
        directory,
        Tools.locate(System.getenv()),
        NONE_OF_OURS,
        false,
        false,
        Progress.SILENT);
  }

  private static Path root() {
    return Path.of(System.getProperty("rouse.root"));
  }
}
