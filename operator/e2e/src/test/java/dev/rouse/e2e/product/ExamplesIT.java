package dev.rouse.e2e.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.SessionStatus.PendingAction;
import dev.rouse.e2e.cluster.Api;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Kubectl;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.SharedCluster;
import dev.rouse.e2e.cluster.WorkSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every example does what it says. */
@ExtendWith(SharedCluster.class)
@Order(5)
class ExamplesIT {

  private static final String NAMESPACE = "examples";
  private static final String REAL_PROVIDER = "00-model-provider.yaml";

  private final Kubectl kubectl;
  private final Namespace namespace;
  private final Path directory;

  ExamplesIT(Cluster cluster) {
    this.kubectl = cluster.kubectl();
    this.namespace = cluster.namespace(NAMESPACE);
    this.directory = cluster.root().resolve("examples");
  }

  @Test
  void everyExampleIsTaken() throws IOException {
    // Given
    List<String> examples;
    try (Stream<Path> files = Files.walk(directory)) {
      examples =
          files
              .map(Path::toString)
              .filter(file -> file.endsWith(".yaml") && !file.endsWith(REAL_PROVIDER))
              .filter(file -> !file.startsWith(directory.resolve("scripts").toString()))
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

  @Test
  void aRealProviderIsRefusedWhereNothingIsolatesSandboxes() {
    // Given
    String file = directory.resolve(REAL_PROVIDER).toString();

    // When
    Kubectl.Result answer =
        kubectl.tryRun("", "apply", "--dry-run=server", "-f", file, "-n", NAMESPACE);

    // Then
    assertThat(answer.exit()).isNotZero();
    assertThat(answer.output()).contains("api.anthropic.com", "ALLOW_UNISOLATED=1");
  }

  @Test
  void theSessionsOfTheExamplesDoTheirWork() {
    // Given
    apply("01-first-session.yaml");
    apply("02-coding-agent.yaml");
    WorkSession hello = namespace.existing("hello");
    WorkSession coding = namespace.existing("fix-duration");

    // When
    hello.awaitAnswer("My tools run on Linux");
    coding.awaitAnswer("Fixed: 10 checks pass, none fails.");

    // Then
    assertThat(coding.lines("runs.log")).hasSize(2);
    assertThat(coding.lines("duration.sh").toString()).contains("left >= size");
    assertThat(namespace.cluster().modelBooks().faults()).isEmpty();
  }

  @Test
  void theCarefulAgentWaitsForAPersonAndPublishesWhenAllowed() {
    // Given
    apply("03-approval.yaml");
    WorkSession note = namespace.existing("first-note");
    PendingAction asked = note.awaitAsked();
    note.awaitNoPods();
    assertThat(asked.name()).isEqualTo("bash");
    assertThat(note.file("public")).isEmpty();

    // When
    new Api(namespace).allow(note.uid(), asked.id());

    // Then
    note.awaitAnswer("Published, with your permission. The note has 5 words.");
    assertThat(note.lines("public/note.txt")).containsExactly("Rouse asks before it publishes.");
  }

  private void apply(String example) {
    kubectl.run("apply", "-f", directory.resolve(example).toString(), "-n", NAMESPACE);
  }
}
