package dev.rouse.harness.loop;

import static dev.rouse.harness.fake.ScriptedModel.bash;
import static dev.rouse.harness.fake.ScriptedModel.calls;
import static dev.rouse.harness.fake.ScriptedModel.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.harness.ExitCode;
import dev.rouse.harness.fake.Bench;
import dev.rouse.harness.fake.Life;
import dev.rouse.harness.fake.ScriptedModel;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.StopReason;
import dev.rouse.session.UserEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A brain dies at each of its calls to the outside in turn, before or after the call's effect;
 * another goes on. Whatever the moment, the conversation is whole, each call ran once or is said to
 * be unknown, and the model is never shown a broken history ({@code MessagesJudge} ends the test).
 */
@Timeout(120)
class CrashTest {

  /** What becomes of the hands between two brains. */
  enum Between {
    NOTHING,
    HANDS_RESTART,
    HANDS_REPLACED,
    HANDS_UNREACHABLE_FOR_A_WHILE,
    SERVER_AWAY_FOR_A_WHILE
  }

  @ParameterizedTest(name = "dies {0} the effect of a call; then: {1}")
  @CsvSource({
    "BEFORE,NOTHING", "AFTER,NOTHING",
    "BEFORE,HANDS_RESTART", "AFTER,HANDS_RESTART",
    "BEFORE,HANDS_REPLACED", "AFTER,HANDS_REPLACED",
    "AFTER,HANDS_UNREACHABLE_FOR_A_WHILE", "AFTER,SERVER_AWAY_FOR_A_WHILE"
  })
  void oneDeathAtEveryCall(Life.Moment moment, Between between) {
    int deaths = 0;
    while (survives(deaths + 1, moment, between)) {
      deaths++;
    }
    // The script makes about twenty calls; fewer would mean that it is not what it was.
    assertThat(deaths).isGreaterThan(12);
  }

  @Tag("failure-6")
  @ParameterizedTest(name = "both die {0} the effect of a call")
  @CsvSource({"BEFORE", "AFTER"})
  void twoDeathsAtEveryPairOfCalls(Life.Moment moment) {
    int pairs = 0;
    for (int first = 1; first <= 20; first++) {
      for (int second = 1; second <= 12; second++) {
        Bench bench = bench();
        bench.session.message("work");
        List<Bench.Pod> dying =
            List.of(
                bench.pod(script(bench), Life.endingAt(first, moment), Bench.FAST),
                bench.pod(script(bench), Life.endingAt(second, moment), Bench.FAST));
        dying.forEach(CrashTest::runToItsEnd);
        runToItsEnd(bench.pod(script(bench)));
        verify(bench, moment + " " + first + " and " + second);
        pairs++;
      }
    }
    assertThat(pairs).isEqualTo(240);
  }

  @ParameterizedTest(name = "interrupted, and dies {0} the effect of a call")
  @CsvSource({"BEFORE", "AFTER"})
  void aDeathWhileAnInterruptIsTakenUp(Life.Moment moment) {
    boolean died = true;
    for (int fatalCall = 1; died; fatalCall++) {
      Bench bench = bench();
      bench.session.message("work");
      ScriptedModel.Script script =
          (request, _) -> {
            if (request.transcript().size() > 2
                && bench.session.events(InternalEvent.Received.class).size() == 1) {
              bench.session.interrupt();
            }
            return calls(bash("step " + request.transcript().size()));
          };
      Bench.Pod first = bench.pod(script, Life.endingAt(fatalCall, moment), Bench.FAST);
      runToItsEnd(first);
      died = first.life().isOver();
      assertThat(runToItsEnd(bench.pod(script))).isEqualTo(ExitCode.DONE);

      String when = first.life().diedAt() + " (call " + fatalCall + ")";
      List<String> types = bench.session.types();
      assertThat(types).as(when).containsOnlyOnce("user.interrupt").endsWith("session.status_idle");
      assertThat(types.subList(types.indexOf("user.interrupt"), types.size()))
          .as(when)
          .doesNotContain("agent.tool_use", "span.model_request_start", "agent.message");
      assertThat(bench.session.state().openToolUses()).as(when).isEmpty();
      assertThat(bench.session.state().openSpan()).as(when).isNull();
      assertThat(bench.hands.twice()).as(when).isEmpty();
    }
  }

  /** Whether the brain died at all; if not, its calls were fewer. */
  private static boolean survives(int fatalCall, Life.Moment moment, Between between) {
    Bench bench = bench();
    bench.session.message("work");
    Bench.Pod first = bench.pod(script(bench), Life.endingAt(fatalCall, moment), Bench.FAST);
    runToItsEnd(first);
    Bench.Pod second = bench.pod(script(bench));
    switch (between) {
      case NOTHING -> {}
      case HANDS_RESTART -> bench.hands.restart();
      case HANDS_REPLACED -> bench.hands.replace();
      case HANDS_UNREACHABLE_FOR_A_WHILE -> bench.hands.unreachableFor(4);
      case SERVER_AWAY_FOR_A_WHILE -> second.server().outage(5);
    }
    assertThat(runToItsEnd(second)).isEqualTo(ExitCode.DONE);
    verify(bench, first.life().diedAt() + " (call " + fatalCall + "), then " + between);
    return first.life().isOver();
  }

  private static ExitCode runToItsEnd(Bench.Pod pod) {
    try {
      return pod.run();
    } catch (Life.Killed e) {
      return ExitCode.INTERNAL;
    }
  }

  private static Bench bench() {
    return Bench.of(Bench.ALL_TOOLS);
  }

  /** Two calls side by side, then one, then an answer; a second message comes in meanwhile. */
  private static ScriptedModel.Script script(Bench bench) {
    return (request, _) -> {
      long results =
          request.transcript().stream().filter(AgentEvent.ToolResult.class::isInstance).count();
      boolean second =
          request.transcript().stream().filter(UserEvent.Message.class::isInstance).count() > 1;
      if (second) {
        return says("and good night");
      }
      if (results == 0) {
        return calls(bash("one"), bash("two"));
      }
      if (results == 2) {
        if (bench.session.events(InternalEvent.Received.class).size() == 1) {
          bench.session.message("one more thing");
        }
        return calls(bash("three"));
      }
      return says("done");
    };
  }

  private static void verify(Bench bench, String when) {
    var session = bench.session;
    assertThat(session.state().stopReason()).as(when).isEqualTo(StopReason.END_TURN);
    assertThat(session.state().queued()).as(when).isEmpty();
    assertThat(session.state().openToolUses()).as(when).isEmpty();
    assertThat(session.state().openSpan()).as(when).isNull();
    assertThat(bench.hands.twice()).as(when).isEmpty();

    List<AgentEvent.ToolResult> results = session.events(AgentEvent.ToolResult.class);
    Set<String> calls =
        session.events(AgentEvent.ToolUse.class).stream()
            .map(AgentEvent.ToolUse::id)
            .collect(Collectors.toSet());
    assertThat(results)
        .as(when)
        .extracting(AgentEvent.ToolResult::toolUseId)
        .doesNotHaveDuplicates();
    assertThat(calls).as(when).hasSize(3).isEqualTo(ids(results));
    for (AgentEvent.ToolResult result : results) {
      String text = ContentBlock.textOf(result.content());
      if (!text.equals(Executions.UNKNOWN)) {
        assertThat(text).as(when).startsWith("ran bash");
        assertThat(bench.hands.effects.get(result.toolUseId())).as(when).hasValue(1);
      }
    }
    assertThat(session.events(AgentEvent.Message.class))
        .as(when)
        .extracting(message -> ContentBlock.textOf(message.content()))
        .containsExactly("Let me see.", "Let me see.", "done", "and good night");
    assertThat(session.events(UserEvent.Message.class))
        .as(when)
        .extracting(UserEvent.Message::id)
        .hasSize(2)
        .doesNotHaveDuplicates();
    assertThat(session.events(SpanEvent.ModelRequestStart.class))
        .as(when)
        .hasSameSizeAs(session.events(SpanEvent.ModelRequestEnd.class));
    assertThat(session.events(SessionEvent.StatusIdle.class)).as(when).hasSize(1);
  }

  private static Set<String> ids(List<AgentEvent.ToolResult> results) {
    return new HashSet<>(results.stream().map(AgentEvent.ToolResult::toolUseId).toList());
  }
}
