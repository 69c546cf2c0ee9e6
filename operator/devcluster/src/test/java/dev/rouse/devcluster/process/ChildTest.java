package dev.rouse.devcluster.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TempDir private Path directory;
  private Run run;

  @BeforeEach
  void createRun() throws Exception {
    run = Run.create(directory);
  }

  @AfterEach
  void endWhatIsLeft() throws InterruptedException {
    Leftovers.end(run, Duration.ZERO);
  }

  @Test
  void itsExitStatusIsTheProgramsOwn() {
    try (Child child = shell("exit 7")) {
      assertThat(child.exit().join()).isEqualTo(new ExitStatus(7));
    }
  }

  @Test
  void aKilledProgramSaysByWhichSignal() throws Exception {
    try (Child child = shell("exec sleep 300")) {
      child.kill();

      assertThat(child.exit().join()).hasToString("was ended by signal 9");
    }
  }

  @Test
  void itsNumberIsTheProgramsOwn() {
    try (Child child = shell("echo $$; exec sleep 300")) {
      await("the program has written its number")
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(log()).isEqualTo(child.pid() + "\n"));
    }
  }

  @Test
  void nothingOfTheLaunchersEnvironmentReachesItByAccident() {
    ProcessSpec spec =
        new ProcessSpec(
            "x", List.of("true"), Map.of("ROUSE_NAMESPACE", "n"), run, Duration.ofSeconds(1));

    Map<String, String> environment =
        spec.fullEnvironment(
            Map.of(
                "PATH", "/bin",
                "HOME", "/people/me",
                "KUBECONFIG", "mine",
                "ANTHROPIC_API_KEY", "secret"));

    assertThat(environment)
        .containsOnly(
            Map.entry("PATH", "/bin"),
            Map.entry("HOME", directory.toString()),
            Map.entry("ROUSE_NAMESPACE", "n"),
            Map.entry("ROUSE_RUN", directory.toString()));
  }

  @Test
  void stopAsksFirst() throws Exception {
    // Given
    Child child = shell("trap 'echo asked; exit 0' TERM; echo up; while :; do sleep 0.05; done");
    await("the trap is set").atMost(PATIENCE).until(() -> log().contains("up"));

    // When
    child.stop();

    // Then
    assertThat(log()).contains("asked");
    assertThat(child.exit().join()).isEqualTo(new ExitStatus(0));
  }

  @Test
  void stopEndsWhoeverDoesNotListenAndWhatItStarted() throws Exception {
    // Given
    Child child = shell("trap '' TERM; sleep 300 & echo up; while :; do sleep 300; done");
    await("both are there").atMost(PATIENCE).until(() -> log().contains("up"));

    // When
    child.stop();

    // Then
    assertThat(child.isAlive()).isFalse();
    assertThat(ProcFs.inSession(child.pid())).isEmpty();
    assertThat(Leftovers.of(run)).isEmpty();
  }

  @Test
  void whatAProgramLeavesBehindEndsWithIt() {
    // Given
    Child child = shell("sleep 300 & exit 0");

    // When
    child.exit().join();

    // Then
    await("the forgotten sleep is gone")
        .atMost(PATIENCE)
        .until(() -> ProcFs.inSession(child.pid()).isEmpty());
  }

  @Test
  void aStoppedProgramCanBeEnded() throws Exception {
    // Given
    Child child = shell("exec sleep 300");
    await("sleep runs").atMost(PATIENCE).until(() -> state(child.pid()).equals("S"));
    child.signal(Signal.STOP);
    await("it is stopped").atMost(PATIENCE).until(() -> state(child.pid()).equals("T"));

    // When
    child.stop();

    // Then
    assertThat(child.isAlive()).isFalse();
  }

  @Test
  void waitingForOneThatEndsFailsAtOnceWithItsLastWords() {
    Child child = shell("echo no such flag: --x; exit 3");

    assertThatThrownBy(() -> child.awaitReady(() -> false, Duration.ofSeconds(60)))
        .isInstanceOf(ChildFailedException.class)
        .hasMessageContaining("x ended with status 3 before it was ready")
        .hasMessageContaining("x.log")
        .hasMessageContaining("no such flag: --x");
  }

  @Test
  void waitingEndsWhenTheTimeIsOver() {
    try (Child child = shell("exec sleep 300")) {
      assertThatThrownBy(() -> child.awaitReady(() -> false, Duration.ofMillis(100)))
          .hasMessageContaining("x is not ready after");
    }
  }

  @Test
  void anErrorOfTheCheckMeansNotYet() throws Exception {
    // Given
    Path sign = directory.resolve("sign");

    // When
    try (Child child = shell("sleep 0.2; echo ready > " + sign + "; exec sleep 300")) {
      child.awaitReady(() -> Files.readString(sign).contains("ready"), PATIENCE);

      // Then
      assertThat(child.isAlive()).isTrue();
    }
  }

  @Test
  void aProgramThatCannotBeStartedSaysSoInItsLog() {
    Child child = Child.start(new ProcessSpec("x", List.of("/no/such/program"), run));

    assertThat(child.exit().join()).isEqualTo(new ExitStatus(127));
    assertThat(log()).contains("/no/such/program");
  }

  @Test
  void withoutALogDirectoryItIsRefused() throws Exception {
    // Given
    Path file = Files.createFile(directory.resolve("file"));

    // When, Then
    assertThatThrownBy(() -> Child.start(new ProcessSpec("x", List.of("true"), new Run(file))))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("cannot start x");
  }

  private Child shell(String script) {
    return Child.start(new ProcessSpec("x", List.of("sh", "-c", script), run));
  }

  private String log() {
    try {
      return Files.readString(run.logs().resolve("x.log"));
    } catch (java.io.IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String state(long pid) throws Exception {
    return Files.readString(Path.of("/proc/" + pid + "/stat"))
        .replaceFirst("^.*\\) ", "")
        .substring(0, 1);
  }
}
