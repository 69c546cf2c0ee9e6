package dev.rouse.hands.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.hands.journal.Journal;
import dev.rouse.hands.log.HandsLog;
import dev.rouse.hands.tool.Toolbox;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.EventCodec;
import dev.rouse.session.Ids;
import dev.rouse.session.protocol.HandsProtocol.Code;
import dev.rouse.session.protocol.HandsProtocol.Execution;
import dev.rouse.session.protocol.HandsProtocol.Outcome;
import dev.rouse.session.protocol.HandsProtocol.Outcome.Status;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ExecutionsTest {

  private final FakeTool serial = new FakeTool("serial", true);
  private final FakeTool free = new FakeTool("free", false);
  private final AtomicInteger fatal = new AtomicInteger();
  private final AtomicReference<Admission> admission = new AtomicReference<>(() -> {});

  @TempDir private Path directory;
  private Journal journal;
  private Executions executions;

  @BeforeEach
  void open() throws Exception {
    journal = Journal.open(directory, Ids.random(), Duration.ZERO);
    HandsLog log =
        new HandsLog(
            new PrintStream(OutputStream.nullOutputStream()), Clock.systemUTC(), "s", false);
    Toolbox toolbox = new Toolbox(List.of(serial, free));
    executions =
        new Executions(
            journal,
            new ToolRunner(toolbox, log, fatal::incrementAndGet),
            () -> admission.get().admit());
    executions.raiseEpoch(1);
  }

  @AfterEach
  void close() throws Exception {
    executions.close();
    journal.close();
  }

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
  void anUnknownToolIsAnErrorThatNamesTheTools() throws Exception {
    // When
    Outcome outcome = executions.execute("a", call("teleport"));

    // Then
    assertThat(outcome.isError()).isTrue();
    assertThat(textOf(outcome)).contains("\"teleport\"", "serial, free");
  }

  @Test
  void aDefectOfAToolIsAResult() throws Exception {
    // Given
    free.failure = new IllegalStateException("oops");

    // When
    Outcome outcome = executions.execute("a", call("free"));

    // Then
    assertThat(outcome.isError()).isTrue();
    assertThat(textOf(outcome)).contains("oops");
    assertThat(fatal).hasValue(0);
  }

  @Test
  void whatTheProcessCannotSurviveLeavesTheOutcomeUnknown() throws Exception {
    // Given
    serial.failure = new OutOfMemoryError("test");

    // When
    CompletableFuture<Outcome> call = later("a", call("serial"));

    // Then
    assertThatThrownBy(call::join).hasRootCauseInstanceOf(OutOfMemoryError.class);
    await("process is ended").untilAtomic(fatal, is(1));
    assertThat(executions.execute("a", call("serial")).status()).isEqualTo(Status.UNKNOWN);
    assertThat(serial.calls).hasSize(1);
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

  private void awaitWaiting(String... ids) {
    await("calls wait").until(() -> executions.waiting().keySet().containsAll(List.of(ids)));
  }

  private void awaitJoined(String id) {
    await("call is joined").until(() -> Integer.valueOf(2).equals(executions.waiting().get(id)));
  }

  private Execution call(String tool) {
    return call(1, tool);
  }

  private Execution call(int epoch, String tool) {
    return new Execution(
        epoch, journal.instance(), tool, EventCodec.JSON.createObjectNode(), 10_000);
  }

  private CompletableFuture<Outcome> later(String id, Execution call) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return executions.execute(id, call);
          } catch (RefusedException | HandsStoppingException | InterruptedException e) {
            throw new CompletionException(e);
          }
        },
        task -> Thread.ofVirtual().start(task));
  }

  private static Code codeOf(CompletableFuture<Outcome> call) {
    return call.handle(
            (outcome, failure) -> {
              if (failure != null && failure.getCause() instanceof RefusedException refused) {
                return refused.code();
              }
              throw new AssertionError("not refused: " + outcome, failure);
            })
        .join();
  }

  private static void refused(Code code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }

  private static String textOf(Outcome outcome) {
    return ContentBlock.textOf(outcome.content());
  }
}
