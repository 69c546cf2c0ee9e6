package dev.rouse.hands.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rouse.hands.journal.Journal;
import dev.rouse.hands.log.HandsLog;
import dev.rouse.hands.tool.Toolbox;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.EventCodec;
import dev.rouse.session.Ids;
import dev.rouse.session.protocol.HandsProtocol.Code;
import dev.rouse.session.protocol.HandsProtocol.Execution;
import dev.rouse.session.protocol.HandsProtocol.Outcome;
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
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The executions of one sandbox over a journal, with a tool that is serial and one that is not. */
@Timeout(30)
abstract class ExecutionsFixture {

  final FakeTool serial = new FakeTool("serial", true);
  final FakeTool free = new FakeTool("free", false);
  final AtomicInteger fatal = new AtomicInteger();
  final AtomicReference<Admission> admission = new AtomicReference<>(() -> {});

  @TempDir private Path directory;
  Journal journal;
  Executions executions;

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

  void awaitWaiting(String... ids) {
    await("calls wait").until(() -> executions.waiting().keySet().containsAll(List.of(ids)));
  }

  Execution call(String tool) {
    return call(1, tool);
  }

  Execution call(int epoch, String tool) {
    return new Execution(
        epoch, journal.instance(), tool, EventCodec.JSON.createObjectNode(), 10_000);
  }

  CompletableFuture<Outcome> later(String id, Execution call) {
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

  static Code codeOf(CompletableFuture<Outcome> call) {
    return call.handle(
            (outcome, failure) -> {
              if (failure != null && failure.getCause() instanceof RefusedException refused) {
                return refused.code();
              }
              throw new AssertionError("not refused: " + outcome, failure);
            })
        .join();
  }

  static void refused(Code code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }

  static String textOf(Outcome outcome) {
    return ContentBlock.textOf(outcome.content());
  }
}
