package dev.rouse.hands.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rouse.session.protocol.HandsProtocol.Code;
import dev.rouse.session.protocol.HandsProtocol.Outcome;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Calls that are ended before their tools end: cancelled one by one, or all as the hands stop. */
class ExecutionCancellationTest extends ExecutionsFixture {

  @Test
  void cancellingWhatRunsEndsItAndKeepsThatResult() throws Exception {
    // Given
    free.waits = true;
    CompletableFuture<Outcome> running = later("a", call("free"));
    await("tool runs").until(() -> !free.calls.isEmpty());

    // When
    executions.cancel("a", 1);

    // Then
    assertThat(running.join().isError()).isTrue();
    assertThat(textOf(running.join())).isEqualTo("cancelled");
    assertThat(executions.execute("a", call("free"))).isEqualTo(running.join());
    assertThat(free.calls).hasSize(1);
  }

  @Test
  void cancellingWhatWaitsMeansItNeverRuns() throws Exception {
    // Given
    serial.waits = true;
    CompletableFuture<Outcome> first = later("a", call("serial"));
    await("first runs").until(() -> !serial.calls.isEmpty());
    CompletableFuture<Outcome> second = later("b", call("serial"));
    awaitWaiting("b");

    // When
    executions.cancel("b", 1);

    // Then
    assertThat(codeOf(second)).isEqualTo(Code.CANCELLED);
    serial.go.release();
    first.join();
    refused(Code.CANCELLED, () -> executions.execute("b", call("serial")));
    assertThat(serial.calls).containsExactly("a");
  }

  @Test
  void cancellingWhatNeverCameRefusesItLater() throws Exception {
    // When
    executions.cancel("a", 1);
    executions.cancel("a", 1);

    // Then
    refused(Code.CANCELLED, () -> executions.execute("a", call("free")));
    assertThat(free.calls).isEmpty();
  }

  @Test
  void cancellingWhatHasEndedChangesNothing() throws Exception {
    // Given
    Outcome first = executions.execute("a", call("free"));

    // When
    executions.cancel("a", 1);

    // Then
    assertThat(executions.execute("a", call("free"))).isEqualTo(first);
  }

  @Test
  void stoppingEndsWhatRunsAndDropsWhatWaits() {
    // Given
    serial.waits = true;
    CompletableFuture<Outcome> first = later("a", call("serial"));
    await("first runs").until(() -> !serial.calls.isEmpty());
    CompletableFuture<Outcome> second = later("b", call("serial"));
    awaitWaiting("b");

    // When
    executions.close();

    // Then
    assertThat(textOf(first.join())).isEqualTo("ended because the sandbox was stopped");
    assertThatThrownBy(second::join).hasCauseInstanceOf(HandsStoppingException.class);
    assertThatThrownBy(() -> executions.execute("c", call("free")))
        .isInstanceOf(HandsStoppingException.class);
    assertThat(journal.past("b")).isEmpty();
  }
}
