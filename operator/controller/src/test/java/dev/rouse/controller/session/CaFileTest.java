package dev.rouse.controller.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.controller.Settings;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaFileTest {

  @TempDir private Path directory;

  @Test
  void each_pod_gets_the_ca_as_it_is_then() throws Exception {
    // Given
    Path file = Files.writeString(directory.resolve("ca.crt"), "first");
    PodTemplates templates =
        PodTemplates.of(
            Settings.from(
                Map.of(
                    "ROUSE_SERVER_URL", "https://server",
                    "ROUSE_BRAIN_IMAGE", "brain:1",
                    "ROUSE_HANDS_IMAGE", "hands:1",
                    "ROUSE_CA_FILE", file.toString())));
    assertThat(templates.brain().ca()).isEqualTo("first");
    // When
    Files.writeString(file, "second");
    // Then
    assertThat(templates.brain().ca()).isEqualTo("second");
  }

  @Test
  void goes_on_with_the_last_one_while_it_is_being_replaced() throws Exception {
    // Given
    Path file = Files.writeString(directory.resolve("ca.crt"), "first");
    CaFile ca = new CaFile(file);
    // When
    Files.delete(file);
    // Then
    assertThat(ca.pem()).isEqualTo("first");
  }

  @Test
  void must_be_there_at_first() {
    assertThatThrownBy(() -> new CaFile(directory.resolve("none")))
        .isInstanceOf(UncheckedIOException.class);
  }
}
