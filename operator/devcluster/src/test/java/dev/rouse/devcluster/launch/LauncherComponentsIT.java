package dev.rouse.devcluster.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.devcluster.controlplane.Ports;
import dev.rouse.devcluster.process.Child;
import dev.rouse.devcluster.process.Leftovers;
import dev.rouse.devcluster.process.Run;
import dev.rouse.devcluster.tools.Tools;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The real control plane, node and scripted model around stand-ins for operator and server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LauncherComponentsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<String> told = new CopyOnWriteArrayList<>();
  private Path checkout;
  private Path directory;
  private Launcher launcher;

  @BeforeAll
  void start(@TempDir Path parent) throws Exception {
    directory = parent.resolve("dev");
    checkout =
        StandInCheckout.create(
            parent.resolve("checkout"), Path.of(System.getProperty("rouse.root")));
    launcher =
        Launcher.start(
            new LauncherConfig(
                    checkout,
                    directory,
                    Tools.locate(System.getenv()),
                    Set.of("provisioner"),
                    false,
                    false,
                    told::add)
                .adjusted(LauncherComponentsIT::adjust));
  }

  private static Map<String, String> adjust(String component, Map<String, String> settings) {
    Map<String, String> changed = new HashMap<>(settings);
    changed.put("ADJUSTED", component);
    return changed;
  }

  @AfterAll
  void stop() throws Exception {
    StandInCheckout.unlink(checkout);
    if (launcher == null) {
      return;
    }
    launcher.close();
    assertThat(Leftovers.of(new Run(directory))).isEmpty();
    assertThat(directory).doesNotExist();
  }

  @Test
  void everyStepIsTold() {
    assertThat(told).contains("node ready", "model ready", "server ready", "operator ready");
    assertThat(launcher.componentNames())
        .containsExactlyInAnyOrder("node", "model", "server", "operator");
  }

  @Test
  void theOperatorIsToldWhatItNeedsAndNothingElse() throws Exception {
    Path log = launcher.logs().resolve("operator.log");
    await("it has written its settings")
        .atMost(PATIENCE)
        .until(() -> Files.readString(log).contains("settings"));

    assertThat(Files.readString(log))
        .contains("ROUSE_SERVER_URL=" + launcher.serverUrl())
        .contains("ROUSE_CA_FILE=" + launcher.caFile())
        .contains("ROUSE_NAMESPACE=rouse-system")
        .contains("rouse-system.rouse-operator.yaml")
        .contains("HOME=" + directory)
        .contains("ADJUSTED=operator")
        .doesNotContain("ROUSE_TOOLS_DIR");
  }

  @Test
  void aComponentThatIsKilledIsStartedAgain() throws Exception {
    // Given
    Child first = launcher.component("server").current();

    // When
    first.kill();

    // Then
    await("another server listens at the same port")
        .atMost(PATIENCE)
        .until(() ->
            launcher.component("server").current() != first
                && Ports.answers(launcher.serverUrl().getPort()));
    assertThat(told).anyMatch(step -> step.startsWith("server was ended by signal 9"));
  }

  @Test
  void aPodOfOurImageRunsOnTheNodeAndItsLogIsRead() {
    // Given
    KubernetesClient client = launcher.controlPlane().client();
    client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName("hands")
                .withNamespace("default")
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy("Never")
                .addNewContainer()
                .withName("hands")
                .withImage("rouse.dev/hands:dev")
                .endContainer()
                .endSpec()
                .build())
        .create();
    PodResource pod = client.pods().inNamespace("default").withName("hands");

    // When
    await("scheduler and node have run it to its end")
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(pod.get().getStatus().getPhase()).isEqualTo("Succeeded"));

    // Then
    assertThat(pod.getLog()).contains("hands at work");
  }

  @Test
  void theModelAnswers() throws Exception {
    URI calls = launcher.modelUrl().resolve("/calls");

    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(
              client
                  .send(HttpRequest.newBuilder(calls).build(), BodyHandlers.ofString())
                  .statusCode())
          .isEqualTo(200);
    }
  }
}
