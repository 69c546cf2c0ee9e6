package dev.rouse.harness.loop;

import static dev.rouse.harness.fake.ScriptedModel.bash;
import static dev.rouse.harness.fake.ScriptedModel.calls;
import static dev.rouse.harness.fake.ScriptedModel.says;
import static dev.rouse.harness.fake.ScriptedModel.thought;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.harness.ExitCode;
import dev.rouse.harness.fake.Bench;
import dev.rouse.harness.fake.ScriptedModel;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.Phase;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.StopReason;
import dev.rouse.session.UserEvent;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The loop on its good days: what stands in the log after a turn. */
@Timeout(30)
class BrainTest {

  private final Bench bench = Bench.of(Bench.ALL_TOOLS);

  @Tag("contract-order-turn")
  @Tag("contract-state-idle")
  @Test
  void aMessageIsAnswered() {
    // Given
    bench.session.message("hello");

    // When
    ExitCode exit = bench.pod((_, _) -> says("hi")).run();

    // Then
    assertThat(exit).isEqualTo(ExitCode.DONE);
    assertThat(bench.session.types())
        .containsExactly(
            "session.status_running",
            "session.thread_status_running",
            "user.message",
            "span.model_request_start",
            "agent.message",
            "span.model_request_end",
            "session.thread_status_idle",
            "session.usage",
            "session.status_idle");
    assertThat(bench.session.state().stopReason()).isEqualTo(StopReason.END_TURN);
    assertThat(bench.session.state().usage()).isEqualTo(ScriptedModel.USAGE);
  }

  @Tag("contract-order-turn")
  @Test
  void aCallIsDispatchedRunOnceAndAnswered() {
    // Given
    bench.session.message("list files");

    // When
    ExitCode exit =
        bench
            .pod((request, _) ->
                request.transcript().size() == 1
                    ? thought(calls(bash("ls"), bash("pwd")))
                    : says("done"))
            .run();

    // Then
    assertThat(exit).isEqualTo(ExitCode.DONE);
    assertThat(bench.session.types())
        .containsExactly(
            "session.status_running",
            "session.thread_status_running",
            "user.message",
            "span.model_request_start",
            "agent.thinking",
            "agent.message",
            "agent.tool_use",
            "agent.tool_use",
            "span.model_request_end",
            "agent.tool_result",
            "agent.tool_result",
            "span.model_request_start",
            "agent.message",
            "span.model_request_end",
            "session.thread_status_idle",
            "session.usage",
            "session.status_idle");
    assertThat(bench.session.events(InternalEvent.Dispatched.class)).hasSize(2);
    assertThat(bench.session.events(AgentEvent.ToolResult.class))
        .extracting(result -> ContentBlock.textOf(result.content()))
        .containsExactlyInAnyOrder(
            "ran bash {\"command\":\"ls\"}", "ran bash {\"command\":\"pwd\"}");
    assertThat(bench.hands.effects.values()).allMatch(count -> count.get() == 1);
  }

  @Test
  void knownHandsAreNamedInTheAnswersOwnCommit() {
    // Given
    bench.session.message("go");

    // When
    bench
        .pod((request, _) ->
            request.transcript().size() < 5
                ? calls(bash("step " + request.transcript().size()))
                : says("done"))
        .run();

    // Then: the second dispatch stands directly behind the span's end.
    List<String> all =
        bench.session.events().stream().map(dev.rouse.session.EventCodec::typeOf).toList();
    int second = all.lastIndexOf("rouse.dispatched");
    assertThat(all.get(second - 1)).isEqualTo("span.model_request_end");
    assertThat(bench.hands.effects).hasSize(2);
  }

  @Tag("contract-sent-message")
  @Test
  void aMessageDuringATurnStartsTheNextOneWithoutIdle() {
    // Given
    bench.session.message("first");

    // When
    bench
        .pod((request, _) -> {
          if (request.transcript().size() == 1) {
            bench.session.message("second");
            bench.session.message("third");
            return says("answer one");
          }
          return says("answer two");
        })
        .run();

    // Then
    assertThat(bench.session.types())
        .containsSubsequence(
            "user.message",
            "span.model_request_start",
            "agent.message",
            "span.model_request_end",
            "user.message",
            "user.message",
            "span.model_request_start",
            "agent.message");
    assertThat(bench.session.events(SessionEvent.StatusIdle.class)).hasSize(1);
    assertThat(bench.session.state().queued()).isEmpty();
  }

  @Test
  void aRequestThatADeadBrainLeftOpenIsClosedAndChargedItsEstimate() {
    // Given
    bench.session.message("hello");
    bench.session.raw(
        new InternalEvent.Woken("sevt_w", 1, "pod-0", "test"),
        new UserEvent.Message("sevt_m", List.of(ContentBlock.text("go"))),
        new SpanEvent.ModelRequestStart("sevt_span"));

    // When
    bench.pod((_, _) -> says("hi")).run();

    // Then: the tools alone are hundreds of tokens.
    SpanEvent.ModelRequestEnd closed =
        bench.session.events(SpanEvent.ModelRequestEnd.class).getFirst();
    assertThat(closed.modelRequestStartId()).isEqualTo("sevt_span");
    assertThat(closed.isError()).isTrue();
    assertThat(closed.modelUsage().inputTokens()).isBetween(500L, 5_000L);
    assertThat(bench.session.state().openSpan()).isNull();
    assertThat(bench.session.events(AgentEvent.Message.class)).hasSize(2);
  }

  @Test
  void aSessionThatRestsIsLeftAlone() {
    // When
    ExitCode exit = bench.pod((_, _) -> says("never")).run();

    // Then
    assertThat(exit).isEqualTo(ExitCode.DONE);
    assertThat(bench.session.types()).isEmpty();
    assertThat(bench.session.state().phase()).isEqualTo(Phase.IDLE);
  }
}
