package dev.rouse.devcluster.node.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real processes, with each isolation this machine allows. */
class ContainerProcessTest {

  @TempDir Path directory;
  private final ContainerMark mark = new ContainerMark(UUID.randomUUID().toString(), "main");
  private DirectoryWatch watch;

  static Stream<Isolation> isolations() {
    return Stream.of(Isolation.values()).filter(Isolation::works);
  }

  @BeforeEach
  void openWatch() throws IOException {
    watch = new DirectoryWatch();
  }

  @AfterEach
  void end() throws IOException {
    processes(Isolation.MARK).sweep(ContainerMark.ofPod(mark.podUid()));
    watch.close();
  }

  @ParameterizedTest
  @MethodSource("isolations")
  void recordsExitCodeAndLog(Isolation isolation) throws IOException {
    // Given
    Launch launch = shell("echo out; echo err >&2; exit 7");

    // When
    ContainerProcess process = processes(isolation).start(attempt(0), launch, mark);

    // Then
    Exit exit = process.exit().orTimeout(10, TimeUnit.SECONDS).join();
    assertThat(exit.code()).isEqualTo(7);
    assertThat(exit.known()).isTrue();
    assertThat(attempt(0).log()).hasContent("out\nerr");
  }

  @ParameterizedTest
  @MethodSource("isolations")
  void reportsDeathBySignalAsTheShellDoes(Isolation isolation) throws IOException {
    // Given
    ContainerProcess process =
        processes(isolation).start(attempt(0), shell("exec sleep 600"), mark);
    process.started().orTimeout(10, TimeUnit.SECONDS).join();

    // When
    process.kill();

    // Then
    assertThat(process.exit().orTimeout(10, TimeUnit.SECONDS).join().code()).isEqualTo(137);
    assertThat(attempt(0).log()).isEmptyFile();
  }

  @ParameterizedTest
  @MethodSource("isolations")
  void terminationReachesTheMainProcess(Isolation isolation) throws IOException {
    // Given
    Launch launch = shell("trap 'echo bye; exit 5' TERM; echo up; while true; do sleep 0.05; done");
    ContainerProcess process = processes(isolation).start(attempt(0), launch, mark);
    await("trap set").until(() -> Files.readString(attempt(0).log()).contains("up"));

    // When
    process.terminate();

    // Then
    assertThat(process.exit().orTimeout(10, TimeUnit.SECONDS).join().code()).isEqualTo(5);
    assertThat(attempt(0).log()).hasContent("up\nbye");
  }

  @ParameterizedTest
  @MethodSource("isolations")
  void endsWhatTheMainProcessLeftBeforeTellingItsEnd(Isolation isolation) throws IOException {
    // Given
    Launch launch = shell("nohup setsid sleep 600 >/dev/null 2>&1 & echo started; sleep 0.2");

    // When
    ContainerProcess process = processes(isolation).start(attempt(0), launch, mark);

    // Then
    process.exit().orTimeout(10, TimeUnit.SECONDS).join();
    assertThat(ProcFs.system().marked(mark.entries())).filteredOn(id -> !isShim(id)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("isolations")
  void namesTheMainProcessByItsNumberOnTheHost(Isolation isolation) throws IOException {
    // Given
    ContainerProcess process =
        processes(isolation).start(attempt(0), shell("exec sleep 600"), mark);

    // When
    ProcessId main = process.started().orTimeout(10, TimeUnit.SECONDS).join();

    // Then
    await("is the program itself")
        .until(() -> Files.readString(Path.of("/proc/" + main.pid() + "/comm")).equals("sleep\n"));
    assertThat(directory.resolve("pid")).hasContent(Long.toString(main.pid()));
  }

  @ParameterizedTest
  @MethodSource("isolations")
  void seesTheEndOfAnAdoptedProcessAtOnce(Isolation isolation) throws Exception {
    // Given
    Path go = directory.resolve("go");
    Launch launch = shell("while [ ! -e '" + go + "' ]; do sleep 0.01; done; exit 9");
    processes(isolation).start(attempt(0), launch, mark).started().join();
    ContainerProcess adopted =
        processesAfterRestart(isolation).adopt(attempt(0), mark).orElseThrow();

    // When
    Files.createFile(go);

    // Then
    Exit exit = adopted.exit().orTimeout(10, TimeUnit.SECONDS).join();
    assertThat(exit.code()).isEqualTo(9);
    assertThat(Duration.between(exit.at(), Instant.now())).isLessThan(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @MethodSource("isolations")
  void adoptsWhatEndedMeanwhile(Isolation isolation) throws IOException {
    // Given
    processes(isolation).start(attempt(0), shell("exit 4"), mark).exit().join();

    // When
    ContainerProcess adopted =
        processesAfterRestart(isolation).adopt(attempt(0), mark).orElseThrow();

    // Then
    assertThat(adopted.exit())
        .succeedsWithin(Duration.ofSeconds(10))
        .satisfies(exit -> assertThat(exit.code()).isEqualTo(4));
  }

  @ParameterizedTest
  @MethodSource("isolations")
  void aKilledShimMeansAnUnknownEndAndNothingLeft(Isolation isolation) throws IOException {
    // Given
    ContainerProcess process =
        processes(isolation).start(attempt(0), shell("exec sleep 600"), mark);
    ProcessId main = process.started().orTimeout(10, TimeUnit.SECONDS).join();
    ProcessId shim = attempt(0).shim().orElseThrow();

    // When
    ProcessHandle.of(shim.pid()).orElseThrow().destroyForcibly();

    // Then
    Exit exit = process.exit().orTimeout(10, TimeUnit.SECONDS).join();
    assertThat(exit.known()).isFalse();
    assertThat(exit.code()).isEqualTo(Exit.UNKNOWN_CODE);
    await("main ended").until(() -> !ProcFs.system().runs(main));
  }

  @ParameterizedTest
  @MethodSource("isolations")
  void startsNothingForAnAttemptThatNeverBegan(Isolation isolation) throws IOException {
    // Given
    Files.createDirectories(attempt(3).path());

    // When
    var adopted = processes(isolation).adopt(attempt(3), mark);

    // Then
    assertThat(adopted).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("isolations")
  void passesTheWholeEnvironmentAndNothingElse(Isolation isolation) throws IOException {
    // Given
    Launch launch =
        new Launch(
            List.of("/usr/bin/env"),
            Map.of("PATH", "/nowhere", "dotted.name", "x y", "PLAIN", "$HOME 'q'"),
            directory);

    // When
    processes(isolation).start(attempt(0), launch, mark).exit().join();

    // Then
    assertThat(Files.readAllLines(attempt(0).log()))
        .contains(
            "PATH=/nowhere",
            "dotted.name=x y",
            "PLAIN=$HOME 'q'",
            "ROUSE_POD=" + mark.podUid(),
            "ROUSE_CONTAINER=main")
        .allMatch(line -> line.matches("(PATH|dotted\\.name|PLAIN|ROUSE_\\w+|PWD|OLDPWD|_)=.*"));
  }

  private boolean isShim(ProcessId id) {
    try {
      return attempt(0).shim().filter(id::equals).isPresent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Launch shell(String script) {
    return new Launch(List.of("sh", "-c", script), Map.of("PATH", SearchPath.DEFAULT), directory);
  }

  private AttemptDirectory attempt(int number) {
    return new AttemptDirectory(directory.resolve(Integer.toString(number)));
  }

  private Processes processes(Isolation isolation) {
    return new Processes(isolation, ProcFs.system(), watch, Clock.systemUTC());
  }

  private Processes processesAfterRestart(Isolation isolation) throws IOException {
    watch.close();
    watch = new DirectoryWatch();
    return processes(isolation);
  }
}
