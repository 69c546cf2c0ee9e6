package dev.rouse.e2e.bed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageArchiveTest {

  @TempDir private Path directory;

  @Test
  void anImageHoldsItsProgramAndStartsIt() throws Exception {
    // Given
    Path program = Files.writeString(directory.resolve("hello"), "#!/bin/sh\necho hello\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));

    // When
    ImageArchive image = ImageArchive.of(program, "rouse.dev/hello:1", directory);

    // Then
    JsonNode manifest = json(image, "manifest.json").path(0);
    assertThat(ImageArchive.of(image.file()).name()).isEqualTo("rouse.dev/hello:1");
    JsonNode config = json(image, manifest.path("Config").asText());
    assertThat(config.at("/config/Entrypoint/0").asText()).isEqualTo("/hello");
    String layer = manifest.path("Layers").path(0).asText();
    Command.of("tar", "-xf", image.file().toString(), "-C", directory.toString(), layer).run();
    assertThat(Command.of("tar", "-tvf", directory.resolve(layer).toString()).run())
        .contains("-rwxr-xr-x root/root")
        .contains("hello");
    assertThat(config.at("/rootfs/diff_ids/0").asText())
        .isEqualTo(
            "sha256:"
                + Command.of("sha256sum", directory.resolve(layer).toString())
                    .run()
                    .substring(0, 64));
  }

  @Test
  void aTarWithoutAnImageIsRefusedByName() throws Exception {
    // Given
    Path tar = directory.resolve("no-image.tar");
    Files.writeString(directory.resolve("manifest.json"), "[]");
    Command.of("tar", "-cf", tar.toString(), "-C", directory.toString(), "manifest.json").run();

    // When, Then
    assertThatThrownBy(() -> ImageArchive.of(tar))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no-image.tar")
        .hasMessageContaining("make images");
  }

  private static JsonNode json(ImageArchive image, String entry) throws Exception {
    return new ObjectMapper()
        .readTree(Command.of("tar", "-xOf", image.file().toString(), entry).run());
  }
}
