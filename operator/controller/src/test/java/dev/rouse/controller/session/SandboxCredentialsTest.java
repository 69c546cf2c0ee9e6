package dev.rouse.controller.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Environment;
import dev.rouse.api.Session;
import dev.rouse.controller.Settings;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** No way by which a credential comes into a container is used by the hands' pod. */
class SandboxCredentialsTest {

  static Stream<Arguments> cases() throws IOException {
    return GoldenTest.cases()
        .flatMap(directory ->
            Stream.of(Settings.HandsRuntime.values())
                .map(runtime -> Arguments.of(directory, runtime)));
  }

  @Tag("failure-18")
  @ParameterizedTest
  @MethodSource("cases")
  void handsAreGivenNone(Path directory, Settings.HandsRuntime runtime) throws IOException {
    // Given
    Session session = read(directory, "session", Session.class);
    Environment environment = read(directory, "environment", Environment.class);
    // When
    PodSpec spec =
        HandsPod.desired(
                session,
                Objects.requireNonNull(session.getStatus()).handsWanted(),
                environment,
                new HandsPod.Template("i", HandsResources.from(Map.of()), List.of(), runtime))
            .getSpec();
    // Then
    assertThat(spec.getAutomountServiceAccountToken()).isFalse();
    assertThat(spec.getEnableServiceLinks()).isFalse();
    assertThat(spec.getImagePullSecrets()).isEmpty();
    assertThat(spec.getInitContainers())
        .allSatisfy(it -> {
          assertThat(it.getEnv()).isEmpty();
          assertThat(it.getEnvFrom()).isEmpty();
        });
    assertThat(spec.getHostNetwork()).isNull();
    assertThat(spec.getHostPID()).isNull();
    assertThat(spec.getHostIPC()).isNull();
    assertThat(spec.getShareProcessNamespace()).isNull();
    assertThat(spec.getVolumes())
        .allSatisfy(
            it -> assertThat(sources(it)).isSubsetOf("emptyDir", "persistentVolumeClaim", "image"));
    Container container = spec.getContainers().getFirst();
    assertThat(spec.getContainers()).hasSize(1);
    assertThat(container.getEnvFrom()).isEmpty();
    assertThat(container.getEnv())
        .filteredOn(it -> it.getValueFrom() != null)
        .extracting(EnvVar::getName)
        .containsExactly("POD_IP");
    assertThat(container.getEnv())
        .extracting(EnvVar::getName)
        .filteredOn(name -> !name.equals("LC_CTYPE"))
        .containsExactly(
            "POD_IP",
            "ROUSE_LISTEN",
            "ROUSE_WORKSPACE",
            "ROUSE_JOURNAL",
            "ROUSE_TICKET_KEY",
            "ROUSE_SESSION_UID",
            "ROUSE_GENERATION",
            "ROUSE_FORBIDDEN");
  }

  private static List<String> sources(Volume volume) {
    List<String> sources = new ArrayList<>();
    Serialization.jsonMapper().valueToTree(volume).fieldNames().forEachRemaining(sources::add);
    sources.remove("name");
    return sources;
  }

  private static <T> T read(Path directory, String kind, Class<T> type) throws IOException {
    return Serialization.unmarshal(
        Files.readString(directory.resolve("in-%s.yaml".formatted(kind))), type);
  }
}
