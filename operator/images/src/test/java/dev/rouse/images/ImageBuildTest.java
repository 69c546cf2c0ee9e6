package dev.rouse.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.images.ImageBuild.Written;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImageBuildTest {

  private static final Instant COMMITTED = Instant.parse("2026-03-04T05:06:07Z");

  @TempDir private Path directory;
  private String base;
  private Stage stage;

  @BeforeEach
  void stage() throws Exception {
    base = TinyBase.write(directory.resolve("base.tar"));
    stage = Checkout.in(directory).staged();
  }

  private ImageBuild build(String caches) {
    return new ImageBuild(stage, "abc123", COMMITTED, directory.resolve(caches), false);
  }

  @ParameterizedTest
  @EnumSource
  void startsItsProgramAsAUserWithoutRights(Program program) throws Exception {
    // Given
    Path file = directory.resolve("image.tar");
    // When
    Written written = build("caches").tar(program, base, file);
    // Then
    JsonNode config = ImageTar.read(file).config();
    assertThat(written.name()).isEqualTo("rouse/" + program.title() + ":1.2");
    assertThat(config.at("/config/User").asText()).isEqualTo("1000:1000");
    assertThat(config.at("/config/Entrypoint"))
        .extracting(JsonNode::asText)
        .containsExactly("/opt/rouse/runtime/bin/java", "@/opt/rouse/java.args");
    assertThat(config.at("/config/Cmd")).isEmpty();
    assertThat(config.at("/config/Env"))
        .extracting(JsonNode::asText)
        .contains("PATH=/base/bin", "LANG=C.UTF-8");
  }

  @Test
  void saysWhatItIs() throws Exception {
    // Given
    Path file = directory.resolve("image.tar");
    // When
    build("caches").tar(Program.SERVER, base, file);
    // Then
    JsonNode config = ImageTar.read(file).config();
    JsonNode labels = config.at("/config/Labels");
    assertThat(config.at("/created").asText()).isEqualTo("2026-03-04T05:06:07Z");
    assertThat(labels.properties())
        .extracting(Map.Entry::getKey, label -> label.getValue().asText())
        .contains(
            org.assertj.core.groups.Tuple.tuple("org.opencontainers.image.title", "rouse/server"),
            org.assertj.core.groups.Tuple.tuple("org.opencontainers.image.version", "1.2"),
            org.assertj.core.groups.Tuple.tuple("org.opencontainers.image.revision", "abc123"),
            org.assertj.core.groups.Tuple.tuple("org.opencontainers.image.licenses", "Apache-2.0"));
  }

  @Test
  void whatSeldomChangesLiesBelowWhatOftenDoes() throws Exception {
    // Given
    Path file = directory.resolve("image.tar");
    // When
    build("caches").tar(Program.HANDS, base, file);
    // Then
    List<Map<String, ImageTar.Entry>> layers = ImageTar.read(file).layers();
    assertThat(layers).hasSize(5);
    assertThat(layers.get(0)).containsOnlyKeys("etc/os-release");
    assertThat(layers.get(1))
        .containsKeys("opt/rouse/runtime/bin/java", "opt/rouse/runtime/release");
    assertThat(layers.get(2)).containsKey("opt/rouse/lib/jackson-core-2.jar");
    assertThat(layers.get(3))
        .containsKeys("opt/rouse/lib/rouse-hands-1.2.jar", "opt/rouse/lib/rouse-session-1.2.jar");
    assertThat(layers.get(4)).containsKeys("opt/rouse/hands.aot", "opt/rouse/java.args");
  }

  @Test
  void nobodyButRootMayChangeItsFilesAndTheirTimeIsFixed() throws Exception {
    // Given
    Path file = directory.resolve("image.tar");
    // When
    build("caches").tar(Program.BRAIN, base, file);
    // Then
    for (Map<String, ImageTar.Entry> layer : ImageTar.read(file).layers().subList(1, 5)) {
      assertThat(layer)
          .allSatisfy((name, entry) -> {
            assertThat(entry.user()).as(name).isZero();
            assertThat(entry.group()).as(name).isZero();
            assertThat(entry.mode())
                .as(name)
                .isEqualTo(name.endsWith("/") || name.endsWith("bin/java") ? 0755 : 0644);
            if (!name.endsWith("/")) {
              assertThat(entry.modified()).as(name).isEqualTo(Stage.FILE_TIME);
            }
          });
    }
  }

  @Test
  void theSameStageGivesTheSameBytes() throws Exception {
    // Given
    Path first = directory.resolve("first.tar");
    Path second = directory.resolve("second.tar");
    Written before = build("caches").tar(Program.HANDS, base, first);
    // When
    Written after = build("other-caches").tar(Program.HANDS, base, second);
    // Then
    assertThat(after).isEqualTo(before);
    assertThat(second).hasSameBinaryContentAs(first);
  }

  @Test
  void anotherCacheChangesOneLayer() throws Exception {
    // Given
    Path first = directory.resolve("first.tar");
    Path second = directory.resolve("second.tar");
    build("caches").tar(Program.HANDS, base, first);
    Files.writeString(stage.cache(Program.HANDS), "trained again");
    // When
    build("caches").tar(Program.HANDS, base, second);
    // Then
    JsonNode before = ImageTar.read(first).config().at("/rootfs/diff_ids");
    JsonNode after = ImageTar.read(second).config().at("/rootfs/diff_ids");
    assertThat(List.of(after.get(0), after.get(1), after.get(2), after.get(3)))
        .isEqualTo(List.of(before.get(0), before.get(1), before.get(2), before.get(3)));
    assertThat(after.get(4)).isNotEqualTo(before.get(4));
  }

  @Test
  void aBaseThatIsNotThereIsNamed() {
    // Given
    String nowhere = "tar://" + directory.resolve("nowhere.tar");
    // When
    // Then
    assertThatThrownBy(
            () -> build("caches").tar(Program.HANDS, nowhere, directory.resolve("image.tar")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("rouse/hands:1.2")
        .hasMessageContaining("nowhere.tar");
  }
}
