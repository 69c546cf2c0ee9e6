package dev.rouse.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageTest {

  @TempDir private Path directory;

  @Test
  void holdsWhatTheProgramNeedsInAnOrderThatIsAlwaysTheSame() throws Exception {
    // Given
    Checkout checkout = Checkout.in(directory);
    // When
    Stage stage = checkout.staged();
    // Then
    assertThat(stage.jars(Program.BRAIN))
        .extracting(jar -> jar.getFileName().toString())
        .containsExactly("jackson-core-2.jar", "rouse-harness-1.2.jar", "rouse-session-1.2.jar");
    assertThat(stage.jars(Program.BRAIN))
        .allSatisfy(jar ->
            assertThat(Files.getLastModifiedTime(jar).toInstant()).isEqualTo(Stage.FILE_TIME));
    assertThat(stage.version()).isEqualTo("1.2");
  }

  @Test
  void startsAProgramInItsImageAsItDidInItsTraining() throws Exception {
    // Given
    Stage stage = Checkout.in(directory).staged();
    // When
    List<String> training = stage.trial(Program.HANDS, "-XX:AOTCache=here");
    // Then
    String there =
        String.join("\n", training.subList(1, training.size()))
            .replace("AOTCache=here", "AOTCache=/opt/rouse/hands.aot")
            .replace(stage.home(Program.HANDS).toString(), "/opt/rouse");
    assertThat(stage.arguments(Program.HANDS)).hasContent(there);
    assertThat(training)
        .contains("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m")
        .endsWith("dev.rouse.hands.Main");
  }

  @Test
  void whatIsNotThereAnyMoreDoesNotStay() throws Exception {
    // Given
    Checkout checkout = Checkout.in(directory);
    Stage stage = checkout.staged();
    Files.createFile(stage.home(Program.SERVER).resolve("lib").resolve("former.jar"));
    // When
    stage.fill(checkout.root());
    // Then
    assertThat(stage.jars(Program.SERVER)).noneMatch(jar -> jar.endsWith("former.jar")).hasSize(3);
  }

  @Test
  void aCacheHoldsAsLongAsTheJarsAreTheSame() throws Exception {
    // Given
    Checkout checkout = Checkout.in(directory);
    Stage stage = checkout.staged();
    Caches.keep(stage, Program.BRAIN);
    // When
    stage.fill(checkout.root());
    // Then
    assertThat(Caches.isOfStage(stage, Program.BRAIN)).isTrue();
    assertThat(Caches.isOfStage(stage, Program.HANDS)).isFalse();
  }

  @Test
  void aCacheIsForgottenWithTheJarsThatItWasMadeFor() throws Exception {
    // Given
    Checkout checkout = Checkout.in(directory);
    Stage stage = checkout.staged();
    Caches.keep(stage, Program.BRAIN);
    checkout.jar(Program.BRAIN, "lib/jackson-core-2.jar", "changed");
    // When
    stage.fill(checkout.root());
    // Then
    assertThat(Caches.isOfStage(stage, Program.BRAIN)).isFalse();
  }

  @Test
  void aProgramThatIsNotBuiltIsNamed() throws Exception {
    // Given
    Path empty = Files.createDirectories(directory.resolve("empty"));
    Stage stage = Checkout.in(directory).staged();
    // When
    // Then
    assertThatThrownBy(() -> stage.fill(empty))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("operator is not built")
        .hasMessageContaining("make jars");
  }
}
