package dev.rouse.harness.loop;

import static dev.rouse.harness.fake.ScriptedModel.bash;
import static dev.rouse.harness.fake.ScriptedModel.calls;
import static dev.rouse.harness.fake.ScriptedModel.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.harness.ExitCode;
import dev.rouse.harness.fake.Bench;
import dev.rouse.harness.fake.FakeHands;
import dev.rouse.harness.fake.FakeSession;
import dev.rouse.harness.fake.Life;
import dev.rouse.harness.fake.ScriptedModel;
import dev.rouse.harness.model.ModelAnswer;
import dev.rouse.harness.model.ModelFailure;
import dev.rouse.harness.model.ModelRequest;
import dev.rouse.harness.model.TokenEstimate;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Event;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.StopReason;
import dev.rouse.session.UserEvent;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A history that outgrows its model's context, with a model that reads 5,000 tokens. */
@Timeout(60)
class CompactionTest {

  private static final String SUMMARY = "They counted to three.";
  private static final String LONG = "x".repeat(13_000);

  private final Bench bench = bench(5_000);

  private static Bench bench(int contextWindow) {
    return new Bench(
        FakeSession.reading(Bench.ALL_TOOLS, contextWindow), new FakeHands((_, _) -> LONG));
  }

  private static Bench unknownContext() {
    return Bench.of(Bench.ALL_TOOLS);
  }

  private static boolean asksForSummary(ModelRequest request) {
    return request.tools().isEmpty();
  }

  private static String words(ModelRequest request) {
    return Stream.of(request.transcript().getLast())
        .map(UserEvent.Message.class::cast)
        .map(message -> ContentBlock.textOf(message.content()))
        .findFirst()
        .orElseThrow();
  }

  /** Answers by the last words, and refuses what is too long for it. */
  private static ScriptedModel.Script readingAtMost(long tokens) {
    return (request, _) -> {
      if (TokenEstimate.of(request).inputTokens() > tokens) {
        throw ModelFailure.tooLong("prompt is too long");
      }
      return asksForSummary(request) ? says(SUMMARY) : says("heard");
    };
  }

  private static List<SessionEvent.ErrorRaised> errors(Bench bench) {
    return bench.session.events(SessionEvent.ErrorRaised.class);
  }

  private void talk(Bench bench, ScriptedModel.Script script, String... messages) {
    for (String message : messages) {
      bench.session.message(message);
      assertThat(bench.pod(script).run()).isEqualTo(ExitCode.DONE);
    }
  }

  @Tag("contract-event-compacted")
  @Test
  void theModelGoesOnWithASummaryAndTheLogStaysWhole() {
    // Given
    talk(bench, readingAtMost(5_000), "one " + LONG);
    List<Event> before = bench.session.events();

    // When
    bench.session.message("two");
    Bench.Pod pod = bench.pod(readingAtMost(5_000));
    pod.run();

    // Then
    assertThat(bench.session.types().subList(9, bench.session.types().size()))
        .containsExactly(
            "session.status_running",
            "session.thread_status_running",
            "user.message",
            "span.model_request_start",
            "span.model_request_end",
            "agent.thread_context_compacted",
            "span.model_request_start",
            "agent.message",
            "span.model_request_end",
            "session.thread_status_idle",
            "session.usage",
            "session.status_idle");
    ModelRequest asked = pod.model().requests.getLast();
    assertThat(asked.summary()).isEqualTo(SUMMARY);
    assertThat(asked.transcript()).hasSize(1);
    assertThat(words(asked)).isEqualTo("two");
    assertThat(words(pod.model().requests.getFirst())).contains("User: one x", "Agent: heard");
    assertThat(bench.session.events().subList(0, before.size())).isEqualTo(before);
    assertThat(bench.session.state().usage().outputTokens()).isEqualTo(3 * 5);
    assertThat(errors(bench)).isEmpty();
  }

  @Test
  void inTheMiddleOfATurnWhatTheModelHasNotSeenIsKept() {
    // Given
    ScriptedModel.Script script =
        (request, _) -> {
          if (asksForSummary(request)) {
            return says(SUMMARY);
          }
          boolean again = request.summary() != null;
          return again ? says("done") : calls(bash("ls"), bash("pwd"));
        };
    bench.session.message("go");

    // When
    Bench.Pod pod = bench.pod(script);
    pod.run();

    // Then: the second pair of calls went out, and with it what the first had said was past.
    ModelRequest asked = pod.model().requests.getLast();
    assertThat(asked.transcript())
        .extracting(event -> event.getClass().getSimpleName())
        .containsExactly("Message", "ToolUse", "ToolUse", "ToolResult", "ToolResult");
    assertThat(bench.session.events(InternalEvent.Compacted.class)).hasSize(1);
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.END_TURN);
    assertThat(bench.hands.twice()).isEmpty();
  }

  @Test
  void aProviderThatCountsMoreThanWeDoIsBelieved() {
    // Given
    ScriptedModel.Script script =
        (request, _) ->
            asksForSummary(request)
                ? says(SUMMARY)
                : new ModelAnswer(
                    false,
                    List.of(ContentBlock.text("y".repeat(4_000))),
                    List.of(),
                    ModelAnswer.Stop.END_TURN,
                    null,
                    new ModelUsage(1_000, 500, 1_000, 1_000, Map.of()));

    // When
    talk(bench, script, "one", "two");

    // Then
    assertThat(bench.session.events(InternalEvent.Compacted.class)).hasSize(1);
  }

  @Test
  void aRefusedRequestIsMadeAgainWithASummary() {
    // Given
    Bench bench = unknownContext();
    talk(bench, readingAtMost(100_000), "one " + LONG.repeat(4), "two");

    // When
    talk(bench, readingAtMost(3_000), "three");

    // Then: the first summary, of half of what was refused, was refused as well.
    assertThat(bench.session.events(InternalEvent.Compacted.class)).hasSize(1);
    assertThat(bench.session.events(AgentEvent.Message.class)).hasSize(3);
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.END_TURN);
    assertThat(errors(bench)).isEmpty();
    assertThat(
            bench.session.events(SpanEvent.ModelRequestEnd.class).stream()
                .filter(end -> Boolean.TRUE.equals(end.isError())))
        .hasSizeGreaterThan(1)
        .allSatisfy(end -> assertThat(end.modelUsage()).isEqualTo(ModelUsage.ZERO));
  }

  @Tag("contract-errors-compaction-limit")
  @Test
  void aMessageThatNoSummaryMakesShorterEndsTheTurnAndTheNextOneGoesOn() {
    // Given
    Bench bench = unknownContext();

    // When
    talk(bench, readingAtMost(5_000), LONG.repeat(4));

    // Then
    assertThat(errors(bench))
        .singleElement()
        .satisfies(raised -> {
          assertThat(raised.error().type()).isEqualTo("compaction_limit_reached_error");
          assertThat(String.valueOf(raised.error().message()))
              .contains("prompt is too long", "Send a shorter message");
        });
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.RETRIES_EXHAUSTED);

    // When
    talk(bench, readingAtMost(5_000), "short");

    // Then
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.END_TURN);
    assertThat(bench.session.events(InternalEvent.Compacted.class)).hasSize(1);
  }

  @Test
  void aModelThatReadsNothingEndsTheTurn() {
    // Given
    Bench bench = unknownContext();
    talk(bench, readingAtMost(100_000), "one " + LONG);

    // When
    bench.session.message("two");
    Bench.Pod pod = bench.pod(readingAtMost(10));
    pod.run();

    // Then
    assertThat(errors(bench))
        .singleElement()
        .satisfies(raised ->
            assertThat(raised.error().type()).isEqualTo("compaction_limit_reached_error"));
    assertThat(pod.model().requests).hasSizeLessThan(10);
    assertThat(bench.session.state().openSpan()).isNull();
    assertThat(bench.session.state().summary()).isNull();
  }

  @Test
  void whatIsSaidMeanwhileIsHeardAfterwards() {
    // Given
    talk(bench, readingAtMost(5_000), "one " + LONG);
    bench.session.message("two");

    // When
    bench
        .pod((request, _) -> {
          if (asksForSummary(request)) {
            bench.session.message("three");
            return says(SUMMARY);
          }
          return says("heard");
        })
        .run();

    // Then
    assertThat(bench.session.events(InternalEvent.Compacted.class)).hasSize(1);
    assertThat(bench.session.events(UserEvent.Message.class)).hasSize(3);
    assertThat(bench.session.state().queued()).isEmpty();
    assertThat(bench.session.state().openSpan()).isNull();
  }

  @Test
  void anInterruptLeavesTheHistoryAsItWas() {
    // Given
    talk(bench, readingAtMost(5_000), "one " + LONG);
    bench.session.message("two");

    // When
    bench
        .pod((_, _) -> {
          bench.session.interrupt();
          return says(SUMMARY);
        })
        .run();

    // Then
    assertThat(bench.session.events(InternalEvent.Compacted.class)).isEmpty();
    assertThat(bench.session.state().openSpan()).isNull();
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.END_TURN);
    assertThat(bench.session.types()).contains("user.interrupt").endsWith("session.status_idle");
  }

  @Test
  void anEmptySummaryIsAskedForAgain() {
    // Given
    talk(bench, readingAtMost(5_000), "one " + LONG);

    // When
    talk(
        bench,
        (request, _) ->
            asksForSummary(request) ? says(errors(bench).isEmpty() ? " " : SUMMARY) : says("heard"),
        "two");

    // Then
    assertThat(errors(bench)).hasSize(1);
    assertThat(bench.session.state().summary()).isEqualTo(SUMMARY);
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.END_TURN);
  }

  @Test
  void aModelThatRefusesToSummariseEndsTheTurn() {
    // Given
    talk(bench, readingAtMost(5_000), "one " + LONG);

    // When
    talk(
        bench,
        (_, _) ->
            ScriptedModel.answer(
                List.of(ContentBlock.text("no")), List.of(), ModelAnswer.Stop.REFUSAL),
        "two");

    // Then
    assertThat(errors(bench)).hasSize(1);
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.RETRIES_EXHAUSTED);
    assertThat(bench.session.state().summary()).isNull();
  }

  @Test
  void aSummaryIsChargedAndABudgetStopsIt() {
    // Given: each token costs a cent, and an answer of our model 15 tokens.
    Bench bench =
        new Bench(FakeSession.budgeted(Bench.ALL_TOOLS, "31", 1), new FakeHands((_, _) -> "ran"));
    talk(bench, readingAtMost(100_000), "one " + LONG.repeat(4));

    // When
    talk(bench, readingAtMost(5_000), "two");

    // Then: 15 for the first answer, 15 for the summary, and what is left for one more.
    assertThat(bench.session.events(InternalEvent.Compacted.class)).hasSize(1);
    assertThat(bench.session.state().usage().outputTokens()).isEqualTo(15);
    assertThat(bench.session.events(SpanEvent.ModelRequestStart.class))
        .allSatisfy(start -> assertThat(start.estimate()).isNotNull());

    // When
    talk(bench, readingAtMost(5_000), "three");

    // Then
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.BUDGET_REACHED);
  }

  @ParameterizedTest(name = "dies {0} the effect of a call")
  @EnumSource(Life.Moment.class)
  void aDeathAtEveryCallOnTheWay(Life.Moment moment) {
    boolean died = true;
    int deaths = 0;
    for (int fatalCall = 1; died; fatalCall++) {
      Bench bench = bench(5_000);
      talk(bench, readingAtMost(5_000), "one " + LONG);
      bench.session.message("two");
      Bench.Pod first =
          bench.pod(readingAtMost(5_000), Life.endingAt(fatalCall, moment), Bench.FAST);
      try {
        first.run();
      } catch (Life.Killed e) {
        // Its successor goes on.
      }
      died = first.life().isOver();
      deaths += died ? 1 : 0;
      assertThat(bench.pod(readingAtMost(5_000)).run()).isEqualTo(ExitCode.DONE);

      String when = first.life().diedAt() + " (call " + fatalCall + ")";
      assertThat(bench.session.events(InternalEvent.Compacted.class)).as(when).hasSize(1);
      assertThat(bench.session.state().summary()).as(when).isEqualTo(SUMMARY);
      assertThat(bench.session.events(AgentEvent.Message.class)).as(when).hasSize(2);
      assertThat(bench.session.state().openSpan()).as(when).isNull();
      assertThat(bench.session.state().stopReason()).as(when).isEqualTo(StopReason.END_TURN);
      assertThat(bench.session.events(SpanEvent.ModelRequestStart.class))
          .as(when)
          .hasSameSizeAs(bench.session.events(SpanEvent.ModelRequestEnd.class));
    }
    assertThat(deaths).isGreaterThan(6);
  }
}
