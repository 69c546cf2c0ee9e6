package dev.rouse.devcluster.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisedTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final RestartPolicy FAST =
      new RestartPolicy(Duration.ofMillis(20), Duration.ofMillis(200), Duration.ofSeconds(60));

  @TempDir private Path directory;
  private final List<String> told = new CopyOnWriteArrayList<>();
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
  void whoeverIsKilledIsStartedAgainAndItIsTold() throws Exception {
    try (Supervised supervised = start("exec sleep 300")) {
      // Given
      Child first = supervised.current();

      // When
      first.kill();

      // Then
      await("another child runs")
          .atMost(PATIENCE)
          .until(() -> supervised.current() != first && supervised.current().isAlive());
      assertThat(told)
          .singleElement()
          .asString()
          .matches("x was ended by signal 9 after \\d+ s; started again in .*");
    }
  }

  @Test
  void aPausedOneStaysDownUntilResumed() throws Exception {
    try (Supervised supervised = start("exec sleep 300")) {
      // Given
      Child first = supervised.current();
      supervised.pause();
      first.kill();
      await("its end is noticed").atMost(PATIENCE).until(() -> supervised.ends() == 1);
      await("it stays down well beyond the pause")
          .during(Duration.ofMillis(300))
          .atMost(PATIENCE)
          .until(() -> supervised.current() == first);

      // When
      supervised.resume();

      // Then
      await("it runs again")
          .atMost(PATIENCE)
          .until(() -> supervised.current() != first && supervised.current().isAlive());
      assertThat(told)
          .singleElement()
          .asString()
          .matches("x was ended by signal 9 after \\d+ s; stays down");
    }
  }

  @Test
  void readinessIsWaitedForThroughRestarts() throws Exception {
    // Given
    Path count = directory.resolve("count");
    String secondTimeLucky =
        "echo . >> %1$s; [ $(wc -l < %1$s) -ge 2 ] || exit 1; exec sleep 300".formatted(count);

    // When
    try (Supervised supervised = start(secondTimeLucky)) {
      supervised.awaitReady(() -> Files.readAllLines(count).size() >= 2, PATIENCE);

      // Then
      assertThat(supervised.ends()).isEqualTo(1);
    }
  }

  @Test
  void waitingForOneThatKeepsEndingFailsWithItsLastWords() {
    try (Supervised supervised = start("echo port taken; exit 1")) {
      assertThatThrownBy(() -> supervised.awaitReady(() -> false, Duration.ofSeconds(60)))
          .isInstanceOf(ChildFailedException.class)
          .hasMessageContaining("port taken");
      assertThat(supervised.ends()).isGreaterThanOrEqualTo(3);
    }
  }

  @Test
  void closedItStaysDown() {
    // Given
    Supervised supervised = start("exec sleep 300");

    // When
    supervised.close();

    // Then
    assertThat(supervised.current().isAlive()).isFalse();
    assertThat(Leftovers.of(run)).isEmpty();
    assertThat(told).isEmpty();
  }

  @Test
  void thePauseDoublesUpToItsLimit() {
    RestartPolicy policy =
        new RestartPolicy(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(20));

    assertThat(List.of(1, 2, 3, 4, 5, 1000).stream().map(policy::pause).map(Duration::toMillis))
        .containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L);
  }

  private Supervised start(String script) {
    return Supervised.start(
        new ProcessSpec("x", List.of("sh", "-c", script), run), FAST, told::add);
  }
}
