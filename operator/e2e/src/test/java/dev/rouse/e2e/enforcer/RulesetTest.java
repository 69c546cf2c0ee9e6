package dev.rouse.e2e.enforcer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each directory of {@code enforcer/} is a scene, {@code in.yaml}, and the table of the first node,
 * {@code out.nft}. {@code -Dgolden.update=true} writes the tables anew.
 */
class RulesetTest {

  private static final Path SCENES =
      Path.of(
          System.getProperty("rouse.root", "../.."), "operator/e2e/src/test/resources/enforcer");

  private static final EnforcedNode NODE =
      new EnforcedNode("node-1", "10.244.1.0/24", "10.244.1.1", List.of());

  static Stream<Path> scenes() throws IOException {
    try (Stream<Path> all = Files.list(SCENES)) {
      return all.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("scenes")
  void theTableIsTheOneThatWasLookedAt(Path scene) throws IOException {
    // Given
    Scene given = read(Files.readString(scene.resolve("in.yaml")));

    // When
    String table = Ruleset.of(NODE, given);

    // Then
    Path expected = scene.resolve("out.nft");
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(expected, table);
    }
    assertThat(table).isEqualTo(Files.readString(expected));
  }

  @ParameterizedTest
  @MethodSource("scenes")
  void theKernelTakesItAndShowsItInTheSameWords(Path scene) throws Exception {
    // Given
    try (Sandbox sandbox = Sandbox.start()) {
      KernelTable kernel = new KernelTable(sandbox.node());
      String table = Ruleset.of(sandbox.node(), read(Files.readString(scene.resolve("in.yaml"))));
      kernel.load(Ruleset.closed(sandbox.node()));

      // When
      kernel.load(table);

      // Then
      assertThat(KernelTable.normal(kernel.read())).isEqualTo(KernelTable.normal(table));
    }
  }

  @ParameterizedTest
  @MethodSource("unknown")
  void whatItDoesNotKnowIsRefusedByName(String rule, String field) {
    // Given
    Scene scene = read(POLICY.formatted(rule));

    // When, Then
    assertThatThrownBy(() -> Ruleset.of(NODE, scene))
        .isInstanceOf(UnsupportedPolicyException.class)
        .hasMessageContaining("team/odd")
        .hasMessageContaining(field);
  }

  static Stream<Arguments> unknown() {
    return Stream.of(
        Arguments.of("egress: [{ports: [{port: http}]}]", "named port http in egress"),
        Arguments.of("ingress: [{ports: [{port: 80, endPort: 90}]}]", "endPort 90"),
        Arguments.of("ingress: [{ports: [{protocol: SCTP, port: 80}]}]", "protocol sctp"));
  }

  private static final String POLICY =
      """
      apiVersion: v1
      kind: Pod
      metadata: {namespace: team, name: web}
      spec: {nodeName: node-1}
      status: {podIP: 10.244.1.5, phase: Running}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {namespace: team, name: odd}
      spec:
        podSelector: {}
        %s
      """;

  private static Scene read(String yaml) {
    List<HasMetadata> objects = objects(yaml);
    return Scene.of(
        of(objects, Pod.class), of(objects, Namespace.class), of(objects, NetworkPolicy.class));
  }

  private static List<HasMetadata> objects(String yaml) {
    KubernetesSerialization serialization = new KubernetesSerialization();
    Object all = Objects.requireNonNull(serialization.unmarshal(yaml));
    return all instanceof List<?> list
        ? list.stream().map(HasMetadata.class::cast).toList()
        : List.of((HasMetadata) all);
  }

  private static <T> List<T> of(List<HasMetadata> objects, Class<T> type) {
    return objects.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** A network namespace that ends with its process: what is loaded there touches nobody. */
  private record Sandbox(Process process) implements AutoCloseable {

    static Sandbox start() throws IOException {
      Process process =
          new ProcessBuilder(
                  "unshare",
                  "--user",
                  "--map-root-user",
                  "--net",
                  "sh",
                  "-c",
                  "nft list ruleset && echo ready; read -r _")
              .redirectErrorStream(true)
              .start();
      Sandbox sandbox = new Sandbox(process);
      String first = process.inputReader().readLine();
      if (!"ready".equals(first)) {
        sandbox.close();
        assumeTrue(false, "no nft in a user namespace of this machine: " + first);
      }
      return sandbox;
    }

    EnforcedNode node() {
      return new EnforcedNode(
          NODE.name(),
          NODE.podRange(),
          NODE.gateway(),
          List.of(
              "nsenter",
              "--user",
              "--net",
              "--preserve-credentials",
              "--target",
              Long.toString(process.pid())));
    }

    @Override
    public void close() {
      process.destroy();
    }
  }

  @Test
  void everySceneIsUsed() throws IOException {
    // When
    List<Path> scenes = scenes().toList();

    // Then
    assertThat(scenes)
        .isNotEmpty()
        .allSatisfy(scene -> assertThat(scene.resolve("in.yaml")).exists());
  }
}
