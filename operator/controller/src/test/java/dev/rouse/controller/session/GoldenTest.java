package dev.rouse.controller.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Environment;
import dev.rouse.api.ModelProvider;
import dev.rouse.api.Session;
import dev.rouse.api.reference.References.Backing;
import dev.rouse.controller.Settings.HandsRuntime;
import dev.rouse.logging.LogFormat;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the operator makes, as files: {@code in-*.yaml} of a directory give its {@code out-*.yaml}.
 * {@code -Dgolden.update=true} writes the latter; look at the difference before you commit it.
 */
class GoldenTest {

  static final Path GOLDEN =
      Path.of(System.getProperty("rouse.root"), "operator/controller/src/test/resources/golden");
  private static final int BRAIN = 3;

  static Stream<Path> cases() throws IOException {
    try (Stream<Path> directories = Files.list(GOLDEN)) {
      return directories.sorted().toList().stream();
    }
  }

  @Tag("failure-18")
  @ParameterizedTest
  @MethodSource("cases")
  void theSameAsLastTime(Path directory) throws IOException {
    // Given
    Session session = read(directory, "session", Session.class);
    Environment environment = read(directory, "environment", Environment.class);
    ModelProvider provider = read(directory, "modelprovider", ModelProvider.class);
    PodTemplates templates =
        new PodTemplates(
            () ->
                new BrainPod.Template(
                    "example.org/brain:1",
                    "https://rouse.rouse-system.svc",
                    directory.endsWith("plain") ? null : "PEM"),
            new HandsPod.Template(
                "example.org/hands:1",
                HandsResources.from(Map.of()),
                List.of("10.96.0.1:443", "169.254.169.254:80"),
                runtime(directory)),
            LogFormat.TEXT);
    // When
    List<HasMetadata> made = new ArrayList<>();
    made.add(
        BrainPod.desired(session, BRAIN, new Backing(environment, provider), templates.brain()));
    made.add(
        HandsPod.desired(
            session, session.getStatus().handsWanted(), environment, templates.hands()));
    HandsPod.workspace(session, environment).ifPresent(made::add);
    // Then
    TreeSet<String> names = new TreeSet<>();
    for (HasMetadata object : made) {
      String file = "out-%s-%s.yaml".formatted(object.getKind(), object.getMetadata().getName());
      names.add(file);
      String yaml = Serialization.asYaml(object);
      if (Boolean.getBoolean("golden.update")) {
        Files.writeString(directory.resolve(file), yaml);
      }
      assertThat(directory.resolve(file)).hasContent(yaml);
    }
    assertThat(outputs(directory)).as("no file that nothing makes").isEqualTo(names);
  }

  private static HandsRuntime runtime(Path directory) {
    return switch (directory.getFileName().toString()) {
      case "image-volume" -> HandsRuntime.VOLUME;
      case "image-with-runtime" -> HandsRuntime.IMAGE;
      default -> HandsRuntime.COPY;
    };
  }

  private static TreeSet<String> outputs(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      TreeSet<String> names = new TreeSet<>();
      files
          .map(it -> it.getFileName().toString())
          .filter(it ->
              !List.of("in-session.yaml", "in-environment.yaml", "in-modelprovider.yaml")
                  .contains(it))
          .forEach(names::add);
      return names;
    }
  }

  private static <T> T read(Path directory, String kind, Class<T> type) throws IOException {
    return Serialization.unmarshal(
        Files.readString(directory.resolve("in-%s.yaml".formatted(kind))), type);
  }
}
