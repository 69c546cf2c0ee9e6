package dev.rouse.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.session.AgentEvent;
import dev.rouse.session.StopReason;
import dev.rouse.session.UserEvent;
import dev.rouse.session.protocol.BrainProtocol.Code;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may answer which call, and what an interrupt finds to stop. */
class AnswerRulesTest extends SessionLogFixture {

  private void waitsFor(AgentEvent.Call call) {
    accepted(receive(Given.message("go")));
    wake("brain");
    accepted(commit("brain", 1, call));
    accepted(commit("brain", 1, idle(StopReason.requiresAction(List.of(call.id())))));
  }

  @Test
  void nobodyInventsTheResultOfACallThatWaitsForApproval() {
    // Given
    AgentEvent.ToolUse asked = Given.askedBash("rm -r build");
    waitsFor(asked);

    // When
    AppendAnswer answer = receive(Given.customResult(asked.id(), "all is well"));

    // Then
    assertThat(refused(answer)).isEqualTo(Code.INVALID);
    assertThat(((AppendAnswer.Refused) answer).refusal().message()).contains("a call of bash");
    assertThat(log.state().awaited()).containsExactly(asked.id());
  }

  @Test
  void aCustomToolIsNotApprovedButAnswered() {
    // Given
    AgentEvent.CustomToolUse custom = Given.custom("get_weather");
    waitsFor(custom);

    // When
    AppendAnswer answer = receive(Given.confirmation(custom.id(), "allow"));

    // Then
    assertThat(refused(answer)).isEqualTo(Code.INVALID);
    assertThat(((AppendAnswer.Refused) answer).refusal().message())
        .contains("user.custom_tool_result");
    assertThat(log.state().awaited()).containsExactly(custom.id());
  }

  @Test
  void aSecondInterruptHasNothingLeftToStop() {
    // Given
    AgentEvent.ToolUse call = Given.bash("sleep 100");
    accepted(receive(Given.message("go")));
    wake("brain");
    accepted(commit("brain", 1, call));

    // When
    accepted(receive(Given.interrupt(), Given.interrupt()));
    accepted(receive(Given.interrupt()));

    // Then
    assertThat(log.state().queued().values())
        .filteredOn(UserEvent.Interrupt.class::isInstance)
        .hasSize(1);
    assertThat(typesFrom(0).stream().filter("user.interrupt"::equals)).hasSize(2);
  }

  @Test
  void anInterruptOfATurnThatNobodyHasTakenUpWaitsForTheBrain() {
    // Given
    accepted(receive(Given.message("go")));

    // When
    accepted(receive(Given.interrupt()));

    // Then
    assertThat(log.state().pendingInterrupt()).isPresent();
  }
}
