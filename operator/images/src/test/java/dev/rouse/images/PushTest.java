package dev.rouse.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.images.ImageBuild.Written;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PushTest {

  @TempDir private Path directory;

  private ImageBuild build(boolean insecure) throws Exception {
    return new ImageBuild(
        Checkout.in(directory).staged(),
        "",
        Stage.FILE_TIME,
        directory.resolve("caches"),
        insecure);
  }

  @Test
  void anImageIsInTheRegistryUnderItsName() throws Exception {
    // Given
    String base = TinyBase.write(directory.resolve("base.tar"));
    try (FakeRegistry registry = new FakeRegistry()) {
      // When
      Written written = build(true).push(Program.BRAIN, base, registry.host() + "/team");
      // Then
      assertThat(written.name()).isEqualTo(registry.host() + "/team/rouse/brain:1.2");
      assertThat(registry.kept())
          .containsKeys("team/rouse/brain/manifests/1.2", "team/rouse/brain/blobs/" + written.id());
      assertThat(registry.kept().keySet())
          .as("a configuration and five layers")
          .filteredOn(path -> path.contains("/blobs/"))
          .hasSize(6);
    }
  }

  @Test
  void aRegistryThatIsNoneIsNamed() throws Exception {
    // Given
    String base = TinyBase.write(directory.resolve("base.tar"));
    ImageBuild build = build(false);
    // When
    // Then
    assertThatThrownBy(() -> build.push(Program.BRAIN, base, "no registry"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("--push")
        .hasMessageContaining("no registry/rouse/brain:1.2");
  }
}
