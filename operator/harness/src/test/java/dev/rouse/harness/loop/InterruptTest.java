package dev.rouse.harness.loop;

import static dev.rouse.harness.fake.ScriptedModel.bash;
import static dev.rouse.harness.fake.ScriptedModel.calls;
import static dev.rouse.harness.fake.ScriptedModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.harness.ExitCode;
import dev.rouse.harness.fake.Bench;
import dev.rouse.harness.fake.FakeHands;
import dev.rouse.harness.fake.Life;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.UserEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Stop means stop: at once, in the log, and without a further call. */
@Timeout(30)
class InterruptTest {

  private final CountDownLatch never = new CountDownLatch(1);

  @Tag("contract-state-interrupt")
  @Test
  void aModelRequestIsAbortedAndChargedWhatWasCounted() throws Exception {
    // Given
    Bench bench = Bench.of(Bench.ALL_TOOLS);
    CountDownLatch asked = new CountDownLatch(1);
    AtomicBoolean aborted = new AtomicBoolean();
    bench.session.message("think long");
    CompletableFuture<ExitCode> exit =
        bench
            .pod((_, listener) -> {
              listener.usage(new ModelUsage(70, 1, 0, 0, Map.of()));
              asked.countDown();
              try {
                never.await();
              } catch (InterruptedException e) {
                aborted.set(true);
                throw e;
              }
              return says("never");
            })
            .start();
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

    // When
    bench.session.interrupt();

    // Then
    assertThat(exit.get(10, TimeUnit.SECONDS)).isEqualTo(ExitCode.DONE);
    await("the request is aborted").untilTrue(aborted);
    assertThat(bench.session.types())
        .endsWith(
            "span.model_request_start",
            "user.interrupt",
            "span.model_request_end",
            "session.thread_status_idle",
            "session.usage",
            "session.status_idle");
    assertThat(bench.session.events(SpanEvent.ModelRequestEnd.class).getFirst().isError()).isTrue();
    assertThat(bench.session.state().usage().inputTokens()).isEqualTo(70);
  }

  @Tag("contract-state-interrupt")
  @Test
  void runningCallsAreEndedAndAnswered() throws Exception {
    // Given
    CountDownLatch running = new CountDownLatch(2);
    FakeHands hands =
        new FakeHands((_, _) -> {
          running.countDown();
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return "never";
        });
    Bench bench = new Bench(Bench.ALL_TOOLS, hands);
    bench.session.message("work");
    Bench.Pod pod = bench.pod((_, _) -> calls(bash("one"), bash("two")));
    CompletableFuture<ExitCode> exit = pod.start();
    assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();

    // When
    bench.session.interrupt();

    // Then
    assertThat(exit.get(10, TimeUnit.SECONDS)).isEqualTo(ExitCode.DONE);
    List<AgentEvent.ToolResult> results = bench.session.events(AgentEvent.ToolResult.class);
    assertThat(results).hasSize(2).allMatch(AgentEvent.ToolResult::isError);
    assertThat(results)
        .extracting(result -> ContentBlock.textOf(result.content()))
        .containsOnly(Ending.INTERRUPTED);
    List<String> made =
        bench.session.events(AgentEvent.ToolUse.class).stream()
            .map(AgentEvent.ToolUse::id)
            .toList();
    await("both calls are ended at the hands, the one that may still wait for its turn first")
        .untilAsserted(
            () -> assertThat(hands.cancelled).containsExactlyElementsOf(made.reversed()));
    assertThat(pod.model().requests).hasSize(1);
  }

  @Test
  void aCallThatWaitsForHandsThatDoNotComeIsAnswered() throws Exception {
    // Given
    Bench bench = Bench.of(Bench.ALL_TOOLS);
    bench.session.message("work");
    Bench.Pod pod = bench.pod((_, _) -> calls(bash("one")));
    pod.server().noHands("exit code 128");
    CompletableFuture<ExitCode> exit = pod.start();
    await("hands are asked for again").until(() -> pod.server().askedForHands.get() > 1);

    // When
    bench.session.interrupt();

    // Then
    assertThat(exit.get(10, TimeUnit.SECONDS)).isEqualTo(ExitCode.DONE);
    assertThat(bench.session.events(AgentEvent.ToolResult.class))
        .extracting(result -> ContentBlock.textOf(result.content()))
        .containsExactly(Ending.INTERRUPTED);
  }

  @Test
  void messagesQueuedBeforeItStartTheNextTurn() throws Exception {
    // Given
    Bench bench = Bench.of(Bench.ALL_TOOLS);
    CountDownLatch asked = new CountDownLatch(1);
    bench.session.message("first");
    CompletableFuture<ExitCode> exit =
        bench
            .pod((request, _) -> {
              if (request.transcript().size() > 1) {
                return says("the new course");
              }
              asked.countDown();
              never.await();
              return says("never");
            })
            .start();
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    bench.session.message("another course");

    // When
    bench.session.interrupt();

    // Then
    assertThat(exit.get(20, TimeUnit.SECONDS)).isEqualTo(ExitCode.DONE);
    assertThat(bench.session.types())
        .containsSubsequence(
            "user.interrupt",
            "session.status_idle",
            "session.status_running",
            "user.message",
            "span.model_request_start",
            "agent.message",
            "session.status_idle");
  }

  @Test
  void anAnswerWithCallsThatCameTooLateIsDropped() {
    // Given: the brain does not hear the interrupt by following.
    Bench bench = Bench.of(Bench.ALL_TOOLS);
    bench.session.message("work");
    Bench.Pod pod =
        bench.pod((_, _) -> {
          bench.session.interrupt();
          return calls(bash("rm -rf build"));
        });
    pod.server().deaf();

    // When
    ExitCode exit = pod.run();

    // Then
    assertThat(exit).isEqualTo(ExitCode.DONE);
    assertThat(bench.session.types()).doesNotContain("agent.tool_use").contains("user.interrupt");
    assertThat(bench.session.events(InternalEvent.Dispatched.class)).isEmpty();
    assertThat(bench.hands.effects).isEmpty();
    assertThat(bench.session.state().usage().outputTokens()).isEqualTo(5);
  }

  @Test
  void itEndsTheWaitBetweenTwoAttempts() throws Exception {
    // Given
    Bench bench = Bench.of(Bench.ALL_TOOLS);
    bench.session.message("work");
    Bench.Pod pod =
        bench.pod((_, _) -> {
          throw dev.rouse.harness.model.ModelFailure.retryable(
              "model_overloaded_error", "busy", Duration.ofMinutes(5), null);
        });
    CompletableFuture<ExitCode> exit = pod.start();
    await("the brain waits")
        .untilAsserted(
            () -> assertThat(bench.session.types()).contains("session.status_rescheduled"));

    // When
    bench.session.interrupt();

    // Then
    assertThat(exit.get(10, TimeUnit.SECONDS)).isEqualTo(ExitCode.DONE);
    assertThat(pod.model().requests).hasSize(1);
    assertThat(bench.session.types()).endsWith("session.status_idle");
  }

  @Test
  void aNewBrainTakesItUpAndEndsWhatTheOldOneStarted() {
    // Given: a brain that died with a call at the hands, and an interrupt after that.
    CountDownLatch running = new CountDownLatch(1);
    FakeHands hands =
        new FakeHands((_, _) -> {
          running.countDown();
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return "never";
        });
    Bench bench = new Bench(Bench.ALL_TOOLS, hands);
    bench.session.message("work");
    bench.session.raw(
        new InternalEvent.Woken("sevt_w", 1, "pod-0", "test"),
        new UserEvent.Message("sevt_m", List.of(ContentBlock.text("go"))),
        new AgentEvent.ToolUse("sevt_call", "bash", bash("x").input(), "allow", null, null),
        new InternalEvent.Dispatched("sevt_d", "sevt_call", "instance-1"));
    bench.session.interrupt();

    // When
    ExitCode exit = bench.pod((_, _) -> says("never"), Life.immortal(), Bench.FAST).run();

    // Then
    assertThat(exit).isEqualTo(ExitCode.DONE);
    assertThat(bench.session.types())
        .endsWith(
            "user.interrupt",
            "agent.tool_result",
            "session.thread_status_idle",
            "session.usage",
            "session.status_idle",
            "session.status_running",
            "session.thread_status_running",
            "user.message",
            "span.model_request_start",
            "agent.message",
            "span.model_request_end",
            "session.thread_status_idle",
            "session.usage",
            "session.status_idle");
    await("the call is ended at the hands")
        .untilAsserted(() -> assertThat(hands.cancelled).containsExactly("sevt_call"));
  }

  @Test
  void aMessageThatIsStoppedBeforeItsBrainWokeIsNeverAnswered() throws Exception {
    // Given
    Bench bench = Bench.of(Bench.ALL_TOOLS);
    bench.session.message("delete everything");
    bench.session.interrupt();
    bench.session.interrupt();
    AtomicBoolean asked = new AtomicBoolean();

    // When
    ExitCode exit =
        bench
            .pod((_, _) -> {
              asked.set(true);
              return says("done");
            })
            .start()
            .get(10, TimeUnit.SECONDS);

    // Then
    assertThat(exit).isEqualTo(ExitCode.DONE);
    assertThat(asked).isFalse();
    assertThat(bench.session.state().queued()).isEmpty();
    assertThat(bench.session.types()).endsWith("session.status_idle");
    assertThat(bench.session.events(SpanEvent.ModelRequestStart.class)).isEmpty();
  }
}
