package dev.rouse.devcluster.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.devcluster.process.Child;
import dev.rouse.devcluster.process.Leftovers;
import dev.rouse.devcluster.process.ProcessSpec;
import dev.rouse.devcluster.process.Progress;
import dev.rouse.devcluster.process.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {

  @TempDir private Path parent;
  private Path path;

  @BeforeEach
  void choosePath() {
    path = parent.resolve("dev");
  }

  @Test
  void nothingStaysAtTheEnd() throws Exception {
    // Given
    RunDirectory directory = RunDirectory.open(path, Progress.SILENT);
    Path readOnly = Files.createDirectory(directory.run().directory().resolve("mount"));
    Files.createFile(readOnly.resolve("file"));
    Files.setPosixFilePermissions(readOnly, PosixFilePermissions.fromString("r-x------"));
    Path outside = Files.createFile(parent.resolve("outside"));
    Files.createSymbolicLink(directory.run().directory().resolve("link"), outside);

    // When
    directory.close();

    // Then
    assertThat(path).doesNotExist();
    assertThat(outside).as("links are not followed").exists();
  }

  @Test
  void whatIsKeptStaysUntilTheNextRun() throws Exception {
    // Given
    Path kept;
    try (RunDirectory directory = RunDirectory.open(path, Progress.SILENT)) {
      directory.keep();
      kept = Files.createFile(directory.run().directory().resolve("kept"));
    }
    assertThat(kept).exists();

    // When
    RunDirectory.open(path, Progress.SILENT).close();

    // Then
    assertThat(kept).doesNotExist();
  }

  @Test
  void aSecondLauncherIsToldWhoHasTheDirectory() throws Exception {
    try (RunDirectory first = RunDirectory.open(path, Progress.SILENT)) {
      assertThatThrownBy(() -> RunDirectory.open(path, Progress.SILENT))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(first.run().directory().toString())
          .hasMessageContaining("kill " + ProcessHandle.current().pid());
    }
  }

  @Test
  void aDirectoryOfSomebodyElseIsNotEmptied() throws Exception {
    // Given
    Path precious = Files.createFile(Files.createDirectory(path).resolve("precious"));

    // When, Then
    assertThatThrownBy(() -> RunDirectory.open(path, Progress.SILENT))
        .hasMessageContaining("choose another");
    assertThat(precious).exists();
  }

  @Test
  void whatAKilledRunLeftIsEndedAndTold() throws Exception {
    // Given
    Run former = Run.create(path);
    Files.createFile(path.resolve("rouse-run"));
    Child orphan = Child.start(new ProcessSpec("orphan", List.of("sleep", "300"), former));
    List<String> told = new ArrayList<>();

    // When
    try (RunDirectory directory = RunDirectory.open(path, told::add)) {

      // Then
      assertThat(orphan.isAlive()).isFalse();
      assertThat(Leftovers.of(directory.run())).isEmpty();
      assertThat(told).singleElement().asString().startsWith("ended ");
    }
  }
}
