package dev.rouse.harness.loop;

import static dev.rouse.harness.fake.ScriptedModel.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.harness.ExitCode;
import dev.rouse.harness.fake.Bench;
import dev.rouse.harness.model.ModelFailure;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.SessionError;
import dev.rouse.session.SessionError.RetryStatus;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.StopReason;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model that fails: what is tried again, what is said, and how it ends. */
@Timeout(30)
class RetryTest {

  private final Bench bench = Bench.of(Bench.ALL_TOOLS);
  private final AtomicInteger requests = new AtomicInteger();

  private static ModelFailure overloaded() {
    return ModelFailure.retryable("model_overloaded_error", "busy", null, null);
  }

  @Tag("contract-errors-retrying")
  @Tag("contract-state-rescheduled")
  @Test
  void everyFailedAttemptIsOneCommitAndTheNextGoesOn() {
    // Given
    bench.session.message("hello");

    // When
    bench
        .pod((_, listener) -> {
          if (requests.incrementAndGet() == 1) {
            listener.usage(new ModelUsage(40, 0, 0, 0, Map.of()));
            throw overloaded();
          }
          return says("hi");
        })
        .run();

    // Then
    assertThat(bench.session.types())
        .containsSequence(
            "span.model_request_start",
            "span.model_request_end",
            "session.error",
            "session.thread_status_rescheduled",
            "session.status_rescheduled",
            "session.status_running",
            "session.thread_status_running",
            "span.model_request_start",
            "agent.message");
    assertThat(bench.session.events(SessionEvent.ErrorRaised.class))
        .extracting(event -> event.error().retryStatus())
        .containsExactly(RetryStatus.RETRYING);
    assertThat(bench.session.events(SpanEvent.ModelRequestEnd.class))
        .extracting(SpanEvent.ModelRequestEnd::isError)
        .containsExactly(true, false);
    assertThat(bench.session.state().usage().inputTokens()).isEqualTo(50);
  }

  /** The rows of docs/design/turn.md (contract §2.4) that a model can cause. */
  @Tag("contract-errors-types")
  @ParameterizedTest
  @CsvSource({"model_overloaded_error", "model_rate_limited_error", "model_request_failed_error"})
  void anErrorThatIsRetriedReschedulesTheSession(String type) {
    // Given
    bench.session.message("hello");

    // When
    bench
        .pod((_, _) -> {
          if (requests.incrementAndGet() == 1) {
            throw ModelFailure.retryable(type, "later", null, null);
          }
          return says("hi");
        })
        .run();

    // Then
    assertThat(bench.session.types())
        .containsSequence(
            "session.error", "session.thread_status_rescheduled", "session.status_rescheduled");
    SessionError error = bench.session.events(SessionEvent.ErrorRaised.class).getFirst().error();
    assertThat(error.type()).isEqualTo(type);
    assertThat(error.retryStatus()).isEqualTo(RetryStatus.RETRYING);
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.END_TURN);
  }

  @Tag("contract-errors-exhausted")
  @Tag("contract-errors-types")
  @ParameterizedTest
  @CsvSource({"model_request_failed_error", "billing_error"})
  void anErrorThatIsExhaustedEndsTheTurnAndFlushesWhatIsQueued(String type) {
    // Given
    bench.session.message("one");

    // When
    bench
        .pod((_, _) -> {
          bench.session.message("two");
          throw ModelFailure.terminal(type, "never");
        })
        .run();

    // Then
    SessionError error = bench.session.events(SessionEvent.ErrorRaised.class).getFirst().error();
    assertThat(error.type()).isEqualTo(type);
    assertThat(error.retryStatus()).isEqualTo(RetryStatus.EXHAUSTED);
    assertThat(bench.session.types()).doesNotContain("session.status_rescheduled");
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.RETRIES_EXHAUSTED);
    assertThat(bench.session.state().queued()).isEmpty();
  }

  @Tag("contract-errors-exhausted")
  @Test
  void afterEightAttemptsTheTurnIsGivenUpAndTheSessionStaysUsable() {
    // Given
    bench.session.message("one");
    Bench.Pod pod =
        bench.pod((_, _) -> {
          if (requests.incrementAndGet() == 3) {
            bench.session.message("two");
          }
          throw overloaded();
        });

    // When
    ExitCode exit = pod.run();

    // Then: what was queued is history now, so that it does not start the same again.
    assertThat(exit).isEqualTo(ExitCode.DONE);
    assertThat(pod.model().requests).hasSize(8);
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.RETRIES_EXHAUSTED);
    assertThat(bench.session.state().queued()).isEmpty();
    assertThat(bench.session.types())
        .endsWith(
            "span.model_request_end",
            "session.error",
            "user.message",
            "session.thread_status_idle",
            "session.usage",
            "session.status_idle");
    assertThat(bench.session.events(SessionEvent.ErrorRaised.class).getLast().error().retryStatus())
        .isEqualTo(RetryStatus.EXHAUSTED);
  }

  @Tag("contract-errors-exhausted")
  @Test
  void theNextMessageIsAnsweredTogetherWithWhatWasGivenUp() {
    // Given
    bench.session.message("one");
    bench
        .pod((_, _) -> {
          throw ModelFailure.terminal("model_request_failed_error", "bad key");
        })
        .run();
    bench.session.message("two");
    Bench.Pod pod = bench.pod((_, _) -> says("both"));

    // When
    pod.run();

    // Then
    assertThat(pod.model().requests).hasSize(1);
    assertThat(pod.model().requests.getFirst().transcript()).hasSize(2);
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.END_TURN);
  }

  @Tag("contract-errors-terminal")
  @Test
  void aTerminalErrorIsSaidOnceInTheProvidersWords() {
    // Given
    bench.session.message("one");
    Bench.Pod pod =
        bench.pod((_, _) -> {
          throw ModelFailure.terminal("billing_error", "no credit left");
        });

    // When
    pod.run();

    // Then
    assertThat(pod.model().requests).hasSize(1);
    var error = bench.session.events(SessionEvent.ErrorRaised.class).getLast().error();
    assertThat(error.type()).isEqualTo("billing_error");
    assertThat(error.message()).isEqualTo("no credit left");
    assertThat(error.retryStatus()).isEqualTo(RetryStatus.EXHAUSTED);
  }

  @Tag("contract-errors-types")
  @Test
  void aFullLogEndsTheTurnAndSaysSo() {
    // Given
    bench.session.message("one");
    bench.session.fill();
    Bench.Pod pod = bench.pod((_, _) -> says("never"));

    // When
    ExitCode exit = pod.run();

    // Then
    assertThat(exit).isEqualTo(ExitCode.DONE);
    assertThat(pod.model().requests).isEmpty();
    SessionError error = bench.session.events(SessionEvent.ErrorRaised.class).getLast().error();
    assertThat(error.type()).isEqualTo("unknown_error");
    assertThat(error.retryStatus()).isEqualTo(RetryStatus.EXHAUSTED);
    assertThat(error.message()).contains("full");
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.RETRIES_EXHAUSTED);
  }
}
