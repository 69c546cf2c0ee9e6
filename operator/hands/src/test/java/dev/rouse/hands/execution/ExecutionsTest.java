package dev.rouse.hands.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.session.EventCodec;
import dev.rouse.session.protocol.HandsProtocol.Code;
import dev.rouse.session.protocol.HandsProtocol.Execution;
import dev.rouse.session.protocol.HandsProtocol.Outcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which calls are run, once and in which order, and which are refused. */
class ExecutionsTest extends ExecutionsFixture {

  @Tag("failure-6")
  @Test
  void theSameCallIsRunOnceAndAnsweredAlike() throws Exception {
    // When
    Outcome first = executions.execute("a", call("free"));
    Outcome second = executions.execute("a", call("free"));

    // Then
    assertThat(textOf(first)).isEqualTo("ran a");
    assertThat(second).isEqualTo(first);
    assertThat(free.calls).containsExactly("a");
  }

  @Test
  void aCallThatIsNotAdmittedIsRefusedUnexecutedAndMayComeAgain() throws Exception {
    // Given
    admission.set(() -> {
      throw new RefusedException(Code.NOT_ISOLATED, "open");
    });
    Throwable refused = catchThrowable(() -> executions.execute("a", call("free")));
    admission.set(() -> {});

    // When
    Outcome later = executions.execute("a", call("free"));

    // Then
    assertThat(refused)
        .isInstanceOfSatisfying(
            RefusedException.class, it -> assertThat(it.code()).isEqualTo(Code.NOT_ISOLATED));
    assertThat(textOf(later)).isEqualTo("ran a");
    assertThat(free.calls).containsExactly("a");
  }

  @Test
  void whatEndedBeforeIsToldWithoutAdmission() throws Exception {
    // Given
    Outcome first = executions.execute("a", call("free"));
    admission.set(() -> {
      throw new RefusedException(Code.NOT_ISOLATED, "open");
    });

    // When
    Outcome again = executions.execute("a", call("free"));

    // Then
    assertThat(again).isEqualTo(first);
  }

  @Test
  void manyCallersOfOneCallJoinIt() {
    // Given
    free.waits = true;

    // When
    List<CompletableFuture<Outcome>> callers =
        IntStream.range(0, 20).mapToObj(_ -> later("a", call("free"))).toList();
    await("tool runs").until(() -> !free.calls.isEmpty());
    free.go.release();

    // Then
    callers.forEach(caller -> assertThat(textOf(caller.join())).isEqualTo("ran a"));
    assertThat(free.calls).containsExactly("a");
  }

  @Test
  void anotherInputUnderTheSameIdIsRefused() throws Exception {
    // Given
    executions.execute("a", call("free"));
    ObjectNode other = EventCodec.JSON.createObjectNode().put("x", 1);

    // When, Then
    refused(Code.INVALID, () -> executions.execute("a", call("serial")));
    refused(
        Code.INVALID,
        () -> executions.execute("a", new Execution(1, journal.instance(), "free", other, 1000)));
    assertThat(free.calls).hasSize(1);
  }

  @Test
  void theOrderOfAnInputsFieldsDoesNotMatter() throws Exception {
    // Given
    ObjectNode input = EventCodec.JSON.createObjectNode().put("x", 1).put("y", 2);
    ObjectNode turned = EventCodec.JSON.createObjectNode().put("y", 2).put("x", 1);
    executions.execute("a", new Execution(1, journal.instance(), "free", input, 1000));

    // When
    Outcome again =
        executions.execute("a", new Execution(1, journal.instance(), "free", turned, 1000));

    // Then
    assertThat(textOf(again)).isEqualTo("ran a");
  }

  @Test
  void epochsOnlyRiseAndOthersAreRefused() throws Exception {
    // Given
    executions.raiseEpoch(5);

    // When, Then
    refused(Code.STALE_EPOCH, () -> executions.raiseEpoch(4));
    refused(Code.STALE_EPOCH, () -> executions.execute("a", call("free")));
    refused(Code.STALE_EPOCH, () -> executions.cancel("a", 4));
    refused(Code.INVALID, () -> executions.execute("a", call(6, "free")));
    refused(Code.INVALID, () -> executions.cancel("a", 6));
    assertThat(executions.raiseEpoch(5).instance()).isEqualTo(journal.instance());
    assertThat(free.calls).isEmpty();
  }

  @Test
  void otherHandsAreNotTheseHands() {
    // Given
    Execution call =
        new Execution(1, "hands_other", "free", EventCodec.JSON.createObjectNode(), 1000);

    // When, Then
    refused(Code.WRONG_INSTANCE, () -> executions.execute("a", call));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "../x", "a/b", "a b", "-x", "ü"})
  void anIdThatIsNoFileNameIsRefused(String id) {
    refused(Code.INVALID, () -> executions.execute(id, call("free")));
    refused(Code.INVALID, () -> executions.cancel(id, 1));
  }

  @Test
  void serialToolsWaitForEachOtherAndOthersDoNot() {
    // Given
    serial.waits = true;
    CompletableFuture<Outcome> first = later("a", call("serial"));
    await("first runs").until(() -> !serial.calls.isEmpty());
    CompletableFuture<Outcome> second = later("b", call("serial"));

    // When
    Outcome other = later("c", call("free")).join();

    // Then
    assertThat(textOf(other)).isEqualTo("ran c");
    assertThat(serial.calls).containsExactly("a");
    serial.go.release(2);
    assertThat(textOf(first.join())).isEqualTo("ran a");
    assertThat(textOf(second.join())).isEqualTo("ran b");
  }

  @Test
  void aCallThatWaitsWhileANewerBrainTakesOverIsNotRun() throws Exception {
    // Given
    serial.waits = true;
    CompletableFuture<Outcome> first = later("a", call("serial"));
    await("first runs").until(() -> !serial.calls.isEmpty());
    CompletableFuture<Outcome> zombies = later("b", call("serial"));
    CompletableFuture<Outcome> taken = later("c", call("serial"));
    awaitWaiting("b", "c");

    // When
    executions.raiseEpoch(2);
    CompletableFuture<Outcome> joined = later("c", call(2, "serial"));
    awaitJoined("c");
    serial.go.release(3);

    // Then
    assertThat(textOf(first.join())).isEqualTo("ran a");
    assertThat(codeOf(zombies)).isEqualTo(Code.STALE_EPOCH);
    assertThat(textOf(joined.join())).isEqualTo("ran c");
    assertThat(textOf(taken.join())).isEqualTo("ran c");
    assertThat(serial.calls).containsExactlyInAnyOrder("a", "c");
  }

  private void awaitJoined(String id) {
    await("call is joined").until(() -> Integer.valueOf(2).equals(executions.waiting().get(id)));
  }
}
