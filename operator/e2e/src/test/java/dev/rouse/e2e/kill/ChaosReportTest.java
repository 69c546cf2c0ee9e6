package dev.rouse.e2e.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChaosReportTest {

  @TempDir private Path directory;

  private static Tried tried(String store, long seed, String point, String failure) {
    return new Tried(store, seed, "abc", point, "brain", failure);
  }

  @Test
  void runsAddUp() throws Exception {
    // Given
    ChaosReport.add(
        directory, List.of(tried("configmap", 1, "wake", null), tried("sqlite", 1, "wake", null)));
    // When
    String text = ChaosReport.add(directory, List.of(tried("configmap", 2, "wake", null))).text();
    // Then
    assertThat(text)
        .contains("- configmap: seed and revision 1 (abc), 2 (abc)")
        .contains("| wake | brain | 2 | 1 |");
    assertThat(directory.resolve("chaos.md")).hasContent(text);
    assertThat(Files.readAllLines(directory.resolve("chaos.json"))).hasSize(5);
  }

  @Test
  void whatIsNotCleanIsSaidUntilTheSameIsCleanWhenRunAgain() throws Exception {
    // Given
    ChaosReport.add(
        directory,
        List.of(tried("configmap", 1, "wake", null), tried("configmap", 2, "wake", "it was lost")));
    String unclean = Files.readString(directory.resolve("chaos.md"));
    // When
    String clean = ChaosReport.add(directory, List.of(tried("configmap", 2, "wake", null))).text();
    // Then
    assertThat(unclean).contains("**1 of 2**").contains("configmap, seed 2: it was lost");
    assertThat(clean).contains("| wake | brain | 2 |").doesNotContain("it was lost");
  }
}
