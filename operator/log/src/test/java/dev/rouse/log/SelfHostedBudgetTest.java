package dev.rouse.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.session.AgentEvent;
import dev.rouse.session.Ids;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.StopReason;
import dev.rouse.session.UserEvent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A budget that is reached while workers run the tools. A token costs one cent here. */
class SelfHostedBudgetTest extends SessionLogFixture {

  private static final Ids IDS = Ids.random();
  private static final ModelUsage ALL_OF_IT = new ModelUsage(10, 0, 0, 0, Map.of());

  @Override
  @BeforeEach
  void create() {
    log.create(BudgetRulesTest.budgeted(Given.selfHosted(key), "10"), List.of());
  }

  /** The session waits for the results of these calls, and may ask the model no more. */
  private void waitsFor(AgentEvent.ToolUse one, AgentEvent.ToolUse other) {
    UserEvent.Message message = Given.message("go");
    SpanEvent.ModelRequestStart start = new SpanEvent.ModelRequestStart(IDS.event(), ALL_OF_IT);
    accepted(receive(message));
    wake("brain");
    accepted(commit("brain", 1, message, start));
    accepted(
        commit(
            "brain",
            1,
            one,
            other,
            new SpanEvent.ModelRequestEnd(IDS.event(), start.id(), false, ALL_OF_IT)));
    accepted(commit("brain", 1, idle(StopReason.requiresAction(List.of(one.id(), other.id())))));
  }

  @Tag("contract-state-budget")
  @Test
  void aWorkersResultsAreTakenAndTheLastBringsRestWithoutABrain() {
    // Given
    AgentEvent.ToolUse one = Given.bash("ls");
    AgentEvent.ToolUse other = Given.bash("pwd");
    waitsFor(one, other);
    long head = log.state().head();
    // When
    accepted(receive(Given.toolResult(one.id(), "a b")));
    StopReason between = log.state().stopReason();
    accepted(receive(Given.toolResult(other.id(), "/workspace")));
    // Then
    assertThat(between).isEqualTo(StopReason.requiresAction(List.of(other.id())));
    assertThat(typesFrom(head + 1))
        .containsExactly(
            "user.tool_result",
            "session.thread_status_idle",
            "session.usage",
            "session.status_idle",
            "user.tool_result",
            "session.thread_status_idle",
            "session.usage",
            "session.status_idle");
    assertThat(log.state().stopReason()).isEqualTo(StopReason.BUDGET_REACHED);
  }
}
