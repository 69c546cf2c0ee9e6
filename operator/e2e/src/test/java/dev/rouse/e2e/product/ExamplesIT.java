package dev.rouse.e2e.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Kubectl;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.SharedCluster;
import dev.rouse.e2e.cluster.WorkSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every example does what it says. */
@ExtendWith(SharedCluster.class)
@Order(5)
class ExamplesIT {

  private static final String NAMESPACE = "examples";
  private static final String OWN_MODEL = "04-openai-compatible.yaml";
  private static final Set<String> REAL_PROVIDERS = Set.of("00-model-provider.yaml", OWN_MODEL);

  private final Cluster cluster;
  private final Kubectl kubectl;
  private final Path directory;

  ExamplesIT(Cluster cluster) {
    this.cluster = cluster;
    this.kubectl = cluster.kubectl();
    cluster.namespace(NAMESPACE);
    this.directory = cluster.root().resolve("examples");
  }

  @Test
  void everyExampleIsTaken() throws IOException {
    // Given
    List<String> examples;
    try (Stream<Path> files = Files.list(directory)) {
      examples =
          files
              .filter(file -> !REAL_PROVIDERS.contains(file.getFileName().toString()))
              .map(Path::toString)
              .filter(file -> file.endsWith(".yaml"))
              .sorted()
              .toList();
    }

    // When
    List<String> outputs =
        examples.stream()
            .map(file -> kubectl.run("apply", "--dry-run=server", "-f", file, "-n", NAMESPACE))
            .toList();

    // Then
    assertThat(outputs).hasSizeGreaterThanOrEqualTo(2).allMatch(it -> it.contains("dry run"));
  }

  @ParameterizedTest
  @CsvSource({
    "00-model-provider.yaml,api.anthropic.com",
    "04-openai-compatible.yaml,ollama.models.svc"
  })
  void aRealProviderIsRefusedWhereNothingIsolatesSandboxes(String example, String host) {
    // Given
    String file = directory.resolve(example).toString();

    // When
    Kubectl.Result answer =
        kubectl.tryRun("", "apply", "--dry-run=server", "-f", file, "-n", NAMESPACE);

    // Then
    assertThat(answer.exit()).isNotZero();
    assertThat(answer.output()).contains(host, "ALLOW_UNISOLATED=1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"anthropic", "openai"})
  void theSessionsOfTheExamplesDoTheirWork(String protocol) {
    // Given
    Namespace own = cluster.namespace(NAMESPACE + "-" + protocol, protocol);
    kubectl.run("apply", "-f", file("01-first-session.yaml"), "-n", own.name());
    kubectl.run("apply", "-f", file("02-coding-agent.yaml"), "-n", own.name());
    WorkSession hello = own.existing("hello");
    WorkSession coding = own.existing("fix-duration");

    // When
    hello.awaitAnswer("My tools run on Linux");
    coding.awaitAnswer("Fixed: 10 checks pass, none fails.");

    // Then
    assertThat(coding.lines("runs.log")).hasSize(2);
    assertThat(coding.lines("duration.sh").toString()).contains("left >= size");
    assertThat(cluster.modelBooks().faults()).isEmpty();
  }

  @Test
  void aModelOfOnesOwnNeedsNoKey() throws IOException {
    // Given: the example, led to the scripted model.
    String example =
        Files.readString(directory.resolve(OWN_MODEL))
            .replace("http://ollama.models.svc:11434", cluster.modelDoor().uri().toString())
            .replace("qwen3-coder:30b", "scripted-hello");

    // When
    kubectl.apply(example, "-n", NAMESPACE);

    // Then
    cluster.namespace(NAMESPACE).existing("hello-local").awaitAnswer("My tools run on Linux");
    assertThat(cluster.modelBooks().faults()).isEmpty();
  }

  private String file(String example) {
    return directory.resolve(example).toString();
  }
}
