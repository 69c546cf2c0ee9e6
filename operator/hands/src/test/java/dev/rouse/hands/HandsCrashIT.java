package dev.rouse.hands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.hands.Brain.Answer;
import dev.rouse.session.protocol.HandsProtocol.Code;
import dev.rouse.session.protocol.HandsProtocol.Outcome.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real program, killed and started again on the same volume. What a command did is counted in a
 * file of the workspace, which is the only witness that counts.
 */
class HandsCrashIT {

  private static final String COUNT = "echo ran >> count";

  private final Keys keys = Keys.make();

  @TempDir private Path directory;

  @Test
  void aResultIsToldAgainAfterAKill() throws Exception {
    // Given
    Answer first;
    String instance;
    try (HandsProcess hands = HandsProcess.start(directory, keys)) {
      Brain brain = Brain.awake(hands.address(), keys, 1);
      instance = brain.instance();
      first = brain.bash("toolu_1", COUNT + "; echo hello");
      hands.kill();
    }

    // When
    try (HandsProcess hands = HandsProcess.start(directory, keys)) {
      Brain brain = Brain.awake(hands.address(), keys, 2);
      Answer again = brain.bash("toolu_1", COUNT + "; echo hello");

      // Then
      assertThat(again.outcome()).isEqualTo(first.outcome());
      assertThat(again.text()).isEqualTo("hello\n");
      assertThat(brain.instance()).isEqualTo(instance);
      assertThat(count()).isEqualTo(1);
    }
  }

  @Test
  void whatRanWhenTheHandsWereKilledIsUnknownAndNeverRunAgain() throws Exception {
    // Given
    String command = COUNT + "; sleep 60; echo late >> count";
    try (HandsProcess hands = HandsProcess.start(directory, keys)) {
      Brain brain = Brain.awake(hands.address(), keys, 1);
      CompletableFuture<Answer> cut = brain.bashLater("toolu_1", command);
      await("command runs").until(() -> count() == 1);
      hands.kill();
      assertThat(cut.join().status()).isEqualTo(Answer.NONE);
    }

    // When
    try (HandsProcess hands = HandsProcess.start(directory, keys)) {
      Brain brain = Brain.awake(hands.address(), keys, 2);
      Answer first = brain.bash("toolu_1", command);
      Answer second = brain.bash("toolu_1", command);

      // Then
      assertThat(first.outcome().status()).isEqualTo(Status.UNKNOWN);
      assertThat(first.outcome().isError()).isTrue();
      assertThat(first.text()).contains("may have run");
      assertThat(second.outcome()).isEqualTo(first.outcome());
      assertThat(count()).isEqualTo(1);
    }
  }

  @Test
  void aNewShellEndsWhatTheFormerLifeLeftRunning() throws Exception {
    // Given
    try (HandsProcess hands = HandsProcess.start(directory, keys)) {
      Brain brain = Brain.awake(hands.address(), keys, 1);
      brain.bash(
          "toolu_1", "(setsid sleep 987 >/dev/null 2>&1 &); setsid sleep 987 & echo $! > pid");
      hands.kill();
    }
    long orphan = Long.parseLong(Files.readString(directory.resolve("workspace/pid")).strip());
    assertThat(ProcessHandle.of(orphan)).isPresent();

    // When
    try (HandsProcess hands = HandsProcess.start(directory, keys)) {
      Answer left =
          Brain.awake(hands.address(), keys, 2).bash("toolu_2", "pgrep -c -x -f 'sleep 987'");

      // Then
      assertThat(left.text()).contains("\n0\n");
      await("orphan ends").until(() -> ProcessHandle.of(orphan).isEmpty());
    }
  }

  @Test
  void whatNeverCameIsRunOnceAfterAKill() throws Exception {
    // Given
    try (HandsProcess hands = HandsProcess.start(directory, keys)) {
      Brain.awake(hands.address(), keys, 1);
      hands.kill();
    }

    // When
    try (HandsProcess hands = HandsProcess.start(directory, keys)) {
      Answer answer = Brain.awake(hands.address(), keys, 2).bash("toolu_1", COUNT);

      // Then
      assertThat(answer.outcome().status()).isEqualTo(Status.DONE);
      assertThat(count()).isEqualTo(1);
    }
  }

  @Tag("failure-6")
  @Test
  void killedAtRandomMomentsEveryCallRanOnceOrIsUnknown() throws Exception {
    // Given
    int calls = 12;
    String[] last = new String[calls];

    // When: each call is made until it is answered, while the hands are killed under it
    HandsProcess hands = HandsProcess.start(directory, keys);
    try {
      for (int i = 0; i < calls; i++) {
        Brain brain = Brain.awake(hands.address(), keys, i + 1);
        CompletableFuture<Answer> call = brain.bashLater("toolu_" + i, "echo " + i + " >> count");
        if (i % 2 == 0) {
          // A different moment each time, from before the call comes to after it was answered.
          call.orTimeout(i * 4L, TimeUnit.MILLISECONDS).handle((answer, late) -> answer).join();
          hands.kill();
          hands = HandsProcess.start(directory, keys);
          brain = Brain.awake(hands.address(), keys, i + 1);
          last[i] = brain.bash("toolu_" + i, "echo " + i + " >> count").outcome().status().name();
        } else {
          last[i] = call.join().outcome().status().name();
        }
      }
    } finally {
      hands.close();
    }

    // Then
    for (int i = 0; i < calls; i++) {
      String line = Integer.toString(i);
      long ran = Files.readAllLines(countFile()).stream().filter(line::equals).count();
      if (last[i].equals(Status.DONE.name())) {
        assertThat(ran).as("call %d", i).isEqualTo(1);
      } else {
        assertThat(ran).as("call %d, unknown", i).isLessThanOrEqualTo(1);
      }
    }
  }

  @Tag("failure-22")
  @Test
  void aCallThatWasCutIsJoinedAndRunsOnce() throws Exception {
    // Given
    String command = COUNT + "; while [ ! -e go ]; do sleep 0.05; done; echo done";
    try (HandsProcess hands = HandsProcess.start(directory, keys)) {
      Brain old = Brain.awake(hands.address(), keys, 1);
      CompletableFuture<Answer> first = old.bashLater("toolu_1", command);
      await("command runs").until(() -> count() == 1);

      // When: a new brain comes while it runs
      Brain brain = Brain.awake(hands.address(), keys, 2);
      CompletableFuture<Answer> joined = brain.bashLater("toolu_1", command);
      Files.createFile(directory.resolve("workspace/go"));

      // Then
      assertThat(joined.join().text()).isEqualTo("done\n");
      assertThat(first.join().outcome()).isEqualTo(joined.join().outcome());
      assertThat(count()).isEqualTo(1);
    }
  }

  @Tag("failure-4")
  @Test
  void aZombieBrainIsRefusedEvenAfterAKill() throws Exception {
    // Given
    Brain zombie;
    try (HandsProcess hands = HandsProcess.start(directory, keys)) {
      zombie = Brain.awake(hands.address(), keys, 1);
      Brain.awake(hands.address(), keys, 2);

      // When
      Answer call = zombie.bash("toolu_1", COUNT);
      Answer cancel = zombie.cancel("toolu_2");
      Answer wake = zombie.wake();

      // Then
      for (Answer answer : new Answer[] {call, cancel, wake}) {
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.refusal().code()).isEqualTo(Code.STALE_EPOCH);
        assertThat(answer.refusal().epoch()).isEqualTo(2);
      }
      hands.kill();
    }
    try (HandsProcess hands = HandsProcess.start(directory, keys)) {
      Answer wake = new Brain(hands.address(), keys.ticket(1), 1).wake();
      assertThat(wake.refusal().code()).isEqualTo(Code.STALE_EPOCH);
      assertThat(countFile()).doesNotExist();
    }
  }

  @Test
  void aNewShellSaysWhatIsGone() throws Exception {
    // Given
    try (HandsProcess hands = HandsProcess.start(directory, keys)) {
      Brain.awake(hands.address(), keys, 1).bash("toolu_1", "cd /; X=1");
      hands.kill();
    }

    // When
    try (HandsProcess hands = HandsProcess.start(directory, keys)) {
      Brain brain = Brain.awake(hands.address(), keys, 2);
      String first = brain.bash("toolu_2", "pwd; echo x$X").text();
      String second = brain.bash("toolu_3", "pwd").text();

      // Then
      String workspace = directory.toRealPath().resolve("workspace").toString();
      assertThat(first).startsWith("[new shell: ").endsWith(workspace + "\nx\n");
      assertThat(second).isEqualTo(workspace + "\n");
    }
  }

  @Test
  void stopsQuicklyAndSaysWhatItEnded() throws Exception {
    // Given
    String command = COUNT + "; sleep 600";
    long nanos;
    try (HandsProcess hands = HandsProcess.start(directory, keys)) {
      Brain brain = Brain.awake(hands.address(), keys, 1);
      CompletableFuture<Answer> cut = brain.bashLater("toolu_1", command);
      await("command runs").until(() -> count() == 1);
      CompletableFuture<Answer> waiting = brain.bashLater("toolu_2", COUNT);

      // When
      long start = System.nanoTime();
      int exit = hands.terminate();
      nanos = System.nanoTime() - start;

      // Then
      assertThat(exit).isZero();
      assertThat(Duration.ofNanos(nanos)).isLessThan(Duration.ofSeconds(3));
      cut.join();
      assertThat(waiting.join().status()).isEqualTo(Answer.NONE);
    }
    try (HandsProcess hands = HandsProcess.start(directory, keys)) {
      Brain brain = Brain.awake(hands.address(), keys, 2);
      Answer ended = brain.bash("toolu_1", command);
      assertThat(ended.outcome().status()).isEqualTo(Status.DONE);
      assertThat(ended.outcome().isError()).isTrue();
      assertThat(ended.text()).contains("sandbox was stopped");
      assertThat(brain.bash("toolu_2", COUNT).outcome().status()).isEqualTo(Status.DONE);
      assertThat(count()).isEqualTo(2);
    }
  }

  @Tag("failure-15")
  @Test
  void aSecondProcessOnTheJournalEndsWithoutServing() throws Exception {
    // Given
    try (HandsProcess _ = HandsProcess.start(directory, keys)) {

      // When
      HandsProcess second =
          HandsProcess.launch(directory, HandsProcess.environment(directory, keys));

      // Then
      assertThat(second.awaitExit()).isEqualTo(75);
      assertThat(second.output()).contains("another process works on the journal");
    }
  }

  @Test
  void handsThatFollowOnTheSameJournalWaitForTheFormerToEnd() throws Exception {
    // Given
    try (HandsProcess former = HandsProcess.start(directory, keys)) {
      HandsProcess next = HandsProcess.launch(directory, HandsProcess.environment(directory, keys));

      // When
      former.terminate();

      // Then
      await("next hands listen").until(() -> next.output().contains("listening"));
      next.close();
    }
  }

  private Path countFile() {
    return directory.resolve("workspace/count");
  }

  private int count() throws IOException {
    return Files.exists(countFile()) ? Files.readAllLines(countFile()).size() : 0;
  }
}
