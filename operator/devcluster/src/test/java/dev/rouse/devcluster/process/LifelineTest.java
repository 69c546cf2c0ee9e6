package dev.rouse.devcluster.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real launcher is really killed. */
class LifelineTest {

  @TempDir private Path directory;

  @AfterEach
  void endWhatIsLeft() throws InterruptedException {
    Leftovers.end(new Run(directory), Duration.ZERO);
  }

  @Test
  void childAndGrandchildEndSoonAfterTheirLauncherIsKilled() throws Exception {
    // Given
    Process launcher =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LifelineProbe.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.to(directory.resolve("launcher.log").toFile()))
            .start();
    Path pid = directory.resolve("pid");
    await("the child is there").atMost(Duration.ofSeconds(20)).until(() -> Files.exists(pid));
    long child = Long.parseLong(Files.readString(pid));
    await("child, its two sleeps and the watching shell run")
        .until(() -> ProcFs.inSession(child).size() == 4);

    // When
    launcher.destroyForcibly().waitFor();

    // Then
    await("nothing of the child's session is left, though it ignores the request to end")
        .atMost(Duration.ofSeconds(30))
        .until(() -> ProcFs.inSession(child).isEmpty());
    assertThat(Leftovers.of(new Run(directory))).isEmpty();
  }
}
