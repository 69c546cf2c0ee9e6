package dev.rouse.devcluster.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {

  @TempDir private Path mine;
  @TempDir private Path other;

  @AfterEach
  void endWhatIsLeft() throws InterruptedException {
    Leftovers.end(new Run(mine), Duration.ZERO);
    Leftovers.end(new Run(other), Duration.ZERO);
  }

  @Test
  void whatEscapedItsSessionIsFoundByItsMarkAndEnded() throws Exception {
    // Given
    Run run = Run.create(mine);
    Child parent = start(run, "setsid sh -c \"trap '' TERM; echo up; sleep 300; :\" & sleep 300");
    await("it has a session of its own")
        .until(() -> Files.readString(run.logs().resolve("x.log")).contains("up"));
    parent.close();
    assertThat(Leftovers.of(run)).as("it outlives its parent").isNotEmpty();

    // When
    int ended = Leftovers.end(run, Duration.ofMillis(300));

    // Then
    assertThat(ended).isPositive();
    assertThat(Leftovers.of(run)).isEmpty();
  }

  @Test
  void anotherRunIsLeftAlone() throws Exception {
    // Given
    Run run = Run.create(mine);
    try (Child stranger = start(Run.create(other), "exec sleep 300")) {

      // When
      int ended = Leftovers.end(run, Duration.ZERO);

      // Then
      assertThat(ended).isZero();
      assertThat(stranger.isAlive()).isTrue();
    }
  }

  private static Child start(Run run, String script) {
    return Child.start(new ProcessSpec("x", List.of("sh", "-c", script), run));
  }
}
