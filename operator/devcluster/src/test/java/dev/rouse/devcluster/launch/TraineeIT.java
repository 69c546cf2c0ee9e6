package dev.rouse.devcluster.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a real JVM, whose program is to say its version. */
class TraineeIT {

  @TempDir private Path directory;
  private Trainee trainee;

  @BeforeEach
  void trainee() throws Exception {
    // A cache wants jars: without a class path it would be the directory of the tests.
    String jar =
        Path.of(Test.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    trainee =
        new Trainee(
            "version",
            directory.resolve("version.aot"),
            (flags, arguments) -> command(jar, flags, arguments));
  }

  private static List<String> command(String jar, List<String> flags, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.addAll(flags);
    command.addAll(List.of("-cp", jar, "-version"));
    command.addAll(arguments);
    return command;
  }

  private void run() throws Exception {
    Process process =
        new ProcessBuilder(trainee.recorded(List.of()))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("recorded.log").toFile())
            .start();
    process.waitFor();
  }

  @Test
  void theCacheOfARecordedRunIsTakenAndNothingElseIsLeft() throws Exception {
    // Given
    run();
    // When
    trainee.makeCache();
    // Then
    assertThat(trainee.refusal()).isEmpty();
    assertThat(directory)
        .isDirectoryNotContaining(file -> file.toString().endsWith(".recording"))
        .isDirectoryNotContaining(file -> file.toString().endsWith(".unfinished"));
  }

  @Test
  void aCacheThatIsNotWholeIsRefused() throws Exception {
    // Given
    run();
    trainee.makeCache();
    try (RandomAccessFile file = new RandomAccessFile(trainee.cache().toFile(), "rw")) {
      file.setLength(file.length() / 2);
    }
    // When
    var refusal = trainee.refusal();
    // Then
    assertThat(refusal).hasValueSatisfying(words -> assertThat(words).contains("AOT cache"));
  }

  @Test
  void aRunThatLeftNothingLeavesTheFormerCacheAlone() throws Exception {
    // Given
    Files.writeString(trainee.cache(), "former");
    run();
    trainee.forget();
    // When, Then
    assertThatThrownBy(() -> trainee.makeCache())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("version did not write down");
    assertThat(trainee.cache()).hasContent("former");
  }
}
