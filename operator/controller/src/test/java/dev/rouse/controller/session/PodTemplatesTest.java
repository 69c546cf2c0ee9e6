package dev.rouse.controller.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.controller.Settings;
import dev.rouse.logging.LogFormat;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodTemplatesTest {

  private static final EnvVar BEFORE = new EnvVar("ROUSE_LISTEN", ":8085", null);

  private static Pod logging(LogFormat format) {
    PodTemplates templates =
        new PodTemplates(
            () -> new BrainPod.Template("brain", "server", null),
            new HandsPod.Template(
                "hands", HandsResources.from(Map.of()), List.of(), Settings.HandsRuntime.COPY),
            format);
    return templates.logging(
        new PodBuilder()
            .withNewSpec()
            .addNewContainer()
            .withEnv(BEFORE)
            .endContainer()
            .endSpec()
            .build());
  }

  @Test
  void podsWriteTheirLogsAsTheOperatorDoes() {
    // When
    Pod pod = logging(LogFormat.JSON);
    // Then
    assertThat(pod.getSpec().getContainers().getFirst().getEnv())
        .containsExactly(BEFORE, new EnvVar("ROUSE_LOG_FORMAT", "json", null));
  }

  @Test
  void textNeedsNoSaying() {
    // When
    Pod pod = logging(LogFormat.TEXT);
    // Then
    assertThat(pod.getSpec().getContainers().getFirst().getEnv()).containsExactly(BEFORE);
  }
}
