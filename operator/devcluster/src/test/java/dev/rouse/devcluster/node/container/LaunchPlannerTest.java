package dev.rouse.devcluster.node.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rouse.devcluster.node.container.MountRewriter.Place;
import dev.rouse.devcluster.node.process.Launch;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaunchPlannerTest {

  @TempDir Path directory;
  private final FakeReferences references = new FakeReferences();
  private Path images;

  @BeforeEach
  void writeImages() throws IOException {
    images = directory.resolve("images.yaml");
    Files.writeString(
        images,
        "images: {known: {command: [/bin/prog, base], args: [default], env: {FROM: image, BOTH: image}}}\n");
  }

  @ParameterizedTest(name = "command {0} args {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "[]        | []    | /bin/prog,base,default",
        "[]        | [own] | /bin/prog,base,own",
        "[cmd]     | []    | cmd",
        "[cmd, '$(FROM_POD)'] | [/work/x] | cmd,value,/host/work/x"
      })
  void putsTheCommandLineTogether(String command, String args, String expected) throws Exception {
    // Given
    Container container =
        container(
            "{image: known, command: %s, args: %s, env: [{name: FROM_POD, value: value}]}"
                .formatted(command, args));

    // When
    Launch launch = plan(container);

    // Then
    assertThat(String.join(",", launch.command())).isEqualTo(expected);
  }

  @Test
  void resolvesTheEnvironmentInOrder() throws Exception {
    // Given
    references.objects.put("secret/keys", Map.of("token", "s3cret", "BOTH", "secret"));
    references.objects.put("configmap/conf", Map.of("word", "hello"));
    Container container =
        container(
            """
            image: known
            resources: {limits: {memory: 64Mi, cpu: 1500m}}
            envFrom: [{prefix: P_, secretRef: {name: keys}}, {configMapRef: {name: gone, optional: true}}]
            env:
            - {name: WORD, valueFrom: {configMapKeyRef: {name: conf, key: word}}}
            - {name: TWICE, value: "$(WORD) $(WORD) $(P_token)"}
            - {name: NONE, valueFrom: {secretKeyRef: {name: keys, key: absent, optional: true}}}
            - {name: LABEL, valueFrom: {fieldRef: {fieldPath: "metadata.labels['app']"}}}
            - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
            - {name: MEM, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}
            - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
            - {name: DIR, value: /work/data}
            - {name: BOTH, value: pod}
            """);

    // When
    Map<String, String> environment = plan(container).environment();

    // Then
    assertThat(environment)
        .containsEntry("TWICE", "hello hello s3cret")
        .containsEntry("LABEL", "demo")
        .containsEntry("IP", "127.1.1.1")
        .containsEntry("MEM", "64")
        .containsEntry("CPU", "2")
        .containsEntry("DIR", "/host/work/data")
        .containsEntry("FROM", "image")
        .containsEntry("BOTH", "pod")
        .containsEntry("P_BOTH", "secret")
        .containsEntry("INHERITED", "yes")
        .containsKeys("PATH", "HOME", "LANG")
        .doesNotContainKeys("NONE", "KUBERNETES_SERVICE_HOST");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{image: other} | IMAGE | it knows [known]",
        "{image: known, env: [{name: A, valueFrom: {secretKeyRef: {name: no, key: k}}}]} | CONFIG | secret \"no\" not found",
        "{image: known, env: [{name: A, valueFrom: {configMapKeyRef: {name: conf, key: k}}}]} | CONFIG | couldn't find key k in configmap ns/conf",
        "{image: known, env: [{name: A, valueFrom: {fieldRef: {fieldPath: spec.nothing}}}]} | CONFIG | spec.nothing",
        "{image: known, workingDir: /not/there} | CONTAINER | workingDir /not/there"
      })
  void saysWhatIsMissing(String spec, StartFailure failure, String message) {
    // Given
    references.objects.put("configmap/conf", Map.of("word", "hello"));
    Container container = container(spec);

    // When
    var thrown = catchThrowableOfType(ContainerStartException.class, () -> plan(container));

    // Then
    assertThat(thrown).hasMessageContaining(message);
    assertThat(thrown.failure()).isEqualTo(failure);
  }

  @Test
  void worksInItsHomeUnlessToldOtherwise() throws Exception {
    // Given
    Container container = container("{image: known}");

    // When
    Launch launch = plan(container);

    // Then
    assertThat(launch.workingDirectory()).isEqualTo(directory.resolve("home")).isDirectory();
  }

  private Launch plan(Container container) throws ContainerStartException {
    Pod pod =
        Serialization.unmarshal(
            "---\n{metadata: {name: p, namespace: ns, labels: {app: demo}}, spec: {nodeName: n}}",
            Pod.class);
    return new LaunchPlanner(new ImageCatalog(images), Map.of("INHERITED", "yes"))
        .plan(
            container,
            new DownwardApi(pod, "127.1.1.1"),
            references,
            List.of(new Place("/work", Path.of("/host/work"))),
            directory.resolve("home"));
  }

  private static Container container(String yaml) {
    Container container = Serialization.unmarshal("---\n" + yaml, Container.class);
    container.setName("main");
    return container;
  }

  /** Objects by "kind/name". */
  private static final class FakeReferences implements References {
    final Map<String, Map<String, String>> objects = new HashMap<>();

    @Override
    public Optional<Map<String, byte[]>> find(Kind kind, String name) {
      return Optional.ofNullable(objects.get(kind.word() + "/" + name))
          .map(entries -> {
            Map<String, byte[]> bytes = new HashMap<>();
            entries.forEach((key, value) -> bytes.put(key, value.getBytes(StandardCharsets.UTF_8)));
            return bytes;
          });
    }
  }
}
