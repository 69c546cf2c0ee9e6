package dev.rouse.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.devcluster.launch.JavaProgram;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Kubectl;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.SharedCluster;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page for somebody's first agent, with kubectl and {@code kubectl rouse}. A script answers to
 * the name of the real model.
 */
@ExtendWith(SharedCluster.class)
@Order(6)
class FirstAgentIT {

  private static final String PROVIDER =
      """
      apiVersion: rouse.dev/v1alpha1
      kind: ModelProvider
      metadata:
        name: anthropic
        namespace: %s
      spec:
        type: anthropic
        baseURL: %s
        secretRef: {name: model-key, key: api-key}
        models:
          - {name: claude-sonnet-5-5, upstreamName: scripted-careful}
      """;

  @TempDir private Path directory;

  private final Cluster cluster;
  private final Namespace namespace;

  FirstAgentIT(Cluster cluster) {
    this.cluster = cluster;
    this.namespace = cluster.namespace("first-agent");
    cluster.apply(PROVIDER.formatted(namespace.name(), cluster.modelDoor().uri()));
  }

  @Test
  void thePageDoesWhatItSays() throws IOException {
    // Given
    Page page = Page.at(cluster.root().resolve("docs").resolve("first-agent.md"));
    Programs terminal = new Programs(cluster.root(), environment());

    // When
    Programs.Result result = terminal.bash(page.blocks("sh"));

    // Then
    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(result.output())
        .contains("requires_action")
        .contains("Published, with your permission. The note has 8 words.")
        .contains("public/note.txt says: My first agent runs on my own cluster.");
    assertThat(
            cluster
                .kubectl()
                .run("get", "sessions.rouse.dev", "-n", namespace.name(), "-o", "name"))
        .isEmpty();
  }

  /** A terminal with kubectl and its plugin on the path, in the right namespace. */
  private Map<String, String> environment() throws IOException {
    Path bin = Files.createDirectory(directory.resolve("bin"));
    Kubectl kubectl = cluster.kubectl();
    Files.createSymbolicLink(bin.resolve("kubectl"), kubectl.program());
    String rouse =
        JavaProgram.CLI.command(cluster.root(), List.of()).stream()
            .map(word -> "'" + word + "'")
            .collect(Collectors.joining(" "));
    Path plugin =
        Files.writeString(
            bin.resolve("kubectl-rouse"), "#!/usr/bin/env bash\nexec " + rouse + " \"$@\"\n");
    Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwxr-xr-x"));

    Path kubeconfig = Files.copy(kubectl.kubeconfig(), directory.resolve("kubeconfig"));
    new Kubectl(kubectl.program(), kubeconfig)
        .run("config", "set-context", "--current", "--namespace=" + namespace.name());
    return Map.of(
        "PATH", bin + File.pathSeparator + System.getenv("PATH"),
        "KUBECONFIG", kubeconfig.toString(),
        "ROUSE_SERVER", cluster.launcher().serverUrl().toString(),
        "ROUSE_SERVER_CA", cluster.launcher().caFile().toString(),
        "ROUSE_AS_SA", namespace.name() + "/app");
  }
}
