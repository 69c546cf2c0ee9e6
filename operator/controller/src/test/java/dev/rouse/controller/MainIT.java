package dev.rouse.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Agent;
import dev.rouse.api.crd.ApiServer;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator as a real process, as its own account with the shipped roles, electing a leader. */
class MainIT {

  private static final Path ROOT = Path.of(System.getProperty("rouse.root"));
  private static final int SIGTERM = 128 + 15;

  @TempDir Path directory;

  @Test
  void aMissingSettingIsNamedOnTheWayOut() throws Exception {
    // When
    Process process = start(Map.of("ROUSE_SERVER_URL", "https://server"));
    // Then
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(64);
    assertThat(Files.readString(output())).contains("ROUSE_BRAIN_IMAGE");
  }

  @Test
  void worksUntilItIsToldToEnd() throws Exception {
    // Given
    int port = freePort();
    int metrics = freePort();
    try (ApiServer server = ApiServer.start();
        HttpClient http = HttpClient.newHttpClient()) {
      install(server.client());
      Path kubeconfig = Files.write(directory.resolve("kubeconfig"), server.kubeconfig());
      Process process =
          start(
              Map.ofEntries(
                  Map.entry("KUBECONFIG", kubeconfig.toString()),
                  Map.entry("ROUSE_SERVER_URL", "https://server"),
                  Map.entry("ROUSE_BRAIN_IMAGE", "brain:1"),
                  Map.entry("ROUSE_HANDS_IMAGE", "hands:1"),
                  Map.entry("ROUSE_LEADER_ELECTION", "true"),
                  Map.entry("ROUSE_NAMESPACE", "rouse-system"),
                  Map.entry(
                      "KUBERNETES_IMPERSONATE_USERNAME",
                      "system:serviceaccount:rouse-system:rouse-operator"),
                  Map.entry("KUBERNETES_IMPERSONATE_GROUP", "system:authenticated"),
                  Map.entry("ROUSE_HEALTH_LISTEN", "127.0.0.1:" + port),
                  Map.entry("ROUSE_METRICS_LISTEN", "127.0.0.1:" + metrics),
                  Map.entry("ROUSE_LOG_FORMAT", "json")));
      HttpRequest probe =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/readyz".formatted(port))).build();
      Awaitility.await("ready")
          .atMost(60, TimeUnit.SECONDS)
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> http.send(probe, BodyHandlers.discarding()).statusCode() == 200);
      Awaitility.await("it works")
          .atMost(30, TimeUnit.SECONDS)
          .untilAsserted(() ->
              assertThat(
                      server
                          .client()
                          .resources(Agent.class)
                          .inNamespace("default")
                          .withName("coder")
                          .get()
                          .getStatus())
                  .isNotNull());
      HttpRequest scrape =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/metrics".formatted(metrics)))
              .build();
      String told = http.send(scrape, BodyHandlers.ofString()).body();
      // When
      process.destroy();
      // Then
      assertThat(process.waitFor(10, TimeUnit.SECONDS))
          .as("ends soon; it said: %s", Files.readString(output()))
          .isTrue();
      assertThat(process.exitValue()).isEqualTo(SIGTERM);
      assertThat(told).contains("rouse_leader 1.0");
      assertThat(Files.readString(output()))
          .containsPattern("\\{\"time\".*\"message\":\"operator started\"");
    }
  }

  private Process start(Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // Not the configuration of the tests, which is on the class path, too.
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(output().toFile());
    builder.environment().keySet().removeIf(it -> it.startsWith("ROUSE_"));
    builder.environment().putAll(environment);
    return builder.start();
  }

  private Path output() {
    return directory.resolve("output");
  }

  private static void install(KubernetesClient client) throws IOException {
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName("rouse-system").endMetadata().build())
        .create();
    try (Stream<Path> crds = Files.list(ROOT.resolve("crds"))) {
      crds.filter(it -> it.toString().endsWith(".yaml"))
          .forEach(it -> client.resource(read(it)).create());
    }
    client.load(Files.newInputStream(ROOT.resolve("helm/rouse/files/operator-role.yaml"))).create();
    Agent agent =
        Serialization.unmarshal(
            Files.readString(ROOT.resolve("crds/accept/agent-minimal.yaml")), Agent.class);
    agent.getMetadata().setName("coder");
    agent.getMetadata().setNamespace("default");
    Awaitility.await("the kinds are served")
        .atMost(30, TimeUnit.SECONDS)
        .ignoreException(KubernetesClientException.class)
        .until(() -> client.resource(agent).create() != null);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
