package dev.rouse.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.session.AgentEvent;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.SessionState;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.StopReason;
import dev.rouse.session.protocol.BrainProtocol.Code;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Wakes without progress, and the end of them. */
class WakeRulesTest extends SessionLogFixture {

  @Tag("failure-24")
  @Test
  void theSixthWakeWithoutProgressPutsTheSessionToRest() {
    // Given
    AgentEvent.ToolUse call = Given.bash("crash");
    runningWith(call);
    accepted(commit("brain", 1, new InternalEvent.Dispatched("sevt_d", call.id(), "hands-1")));
    accepted(receive(Given.message("are you there?")));
    for (int i = 0; i < 5; i++) {
      wake("pod-" + i);
    }
    long head = log.state().head();

    // When
    WakeAnswer sixth = log.wake("pod-5", "the last one died", Set.of());
    WakeAnswer again = otherServer.wake("pod-5", "the last one died", Set.of());

    // Then
    assertThat(((WakeAnswer.Refused) sixth).refusal().code()).isEqualTo(Code.POISONED);
    assertThat(((WakeAnswer.Refused) again).refusal().code()).isEqualTo(Code.POISONED);
    assertThat(typesFrom(head + 1))
        .containsExactly(
            "agent.tool_result",
            "user.message",
            "session.error",
            "session.thread_status_idle",
            "session.usage",
            "session.status_idle");
    SessionState state = log.state();
    assertThat(state.stopReason()).isEqualTo(StopReason.RETRIES_EXHAUSTED);
    assertThat(state.openToolUses()).isEmpty();
    assertThat(state.queued()).isEmpty();
  }

  @Test
  void afterRestTheSessionIsUsableAgain() {
    // Given
    accepted(receive(Given.message("go")));
    for (int i = 0; i < 6; i++) {
      log.wake("pod-" + i, "test", Set.of());
    }

    // When
    accepted(receive(Given.message("once more")));
    WakeAnswer wake = log.wake("pod-6", "new input", Set.of());

    // Then
    assertThat(wake).isInstanceOf(WakeAnswer.Granted.class);
  }

  @Test
  void evictionsDoNotCount() {
    // Given
    accepted(receive(Given.message("go")));
    for (int i = 0; i < 5; i++) {
      wake("pod-" + i);
    }

    // When
    WakeAnswer sixth = log.wake("pod-5", "evicted before", Set.of("pod-3"));

    // Then
    assertThat(sixth).isInstanceOf(WakeAnswer.Granted.class);
  }

  @Test
  void progressStartsTheCountAnew() {
    // Given
    accepted(receive(Given.message("go")));
    for (int i = 0; i < 5; i++) {
      wake("pod-" + i);
    }
    accepted(commit("pod-4", 5, Given.answer("so far so good")));

    // When
    WakeAnswer next = log.wake("pod-5", "test", Set.of());

    // Then
    assertThat(next).isInstanceOf(WakeAnswer.Granted.class);
  }

  @Test
  void aSessionThatIsPutToRestHasNoModelRequestLeftOpen() {
    // Given
    accepted(receive(Given.message("go")));
    SpanEvent.ModelRequestStart start = Given.modelStart();
    wake("pod-0");
    accepted(commit("pod-0", 1, start));
    for (int i = 1; i < 5; i++) {
      wake("pod-" + i);
    }

    // When
    log.wake("pod-5", "test", Set.of());

    // Then
    assertThat(log.state().openSpan()).isNull();
    assertThat(typesFrom(0)).containsSubsequence("span.model_request_end", "session.status_idle");
  }
}
