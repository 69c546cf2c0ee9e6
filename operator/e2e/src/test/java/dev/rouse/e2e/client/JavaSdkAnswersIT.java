package dev.rouse.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.anthropic.models.beta.sessions.BetaManagedAgentsSession;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsAgentCustomToolUseEvent;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsAgentEvaluatedPermission;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsSessionEvent;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsStreamSessionEvents;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.SharedCluster;
import dev.rouse.e2e.cluster.WorkSession;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Answers that an agent waits for, and the word that stops it, through the official Java SDK. */
@ExtendWith(SharedCluster.class)
@Order(6)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JavaSdkAnswersIT {

  private final Namespace namespace;
  private final Sdk sdk;

  JavaSdkAnswersIT(Cluster cluster) {
    this.namespace = cluster.namespace("java-sdk-answers");
    this.sdk = new Sdk(namespace);
  }

  @AfterAll
  void close() {
    sdk.close();
  }

  @Test
  void theClientAnswersItsOwnTool() {
    // Given
    Talk talk = sdk.session(sdk.agent("Forecaster"), sdk.environment("for-forecasts"));
    Exchange asked = talk.exchange(Talk.message("What is the weather in Oslo?"));
    BetaManagedAgentsAgentCustomToolUseEvent call =
        asked.events().stream()
            .filter(BetaManagedAgentsStreamSessionEvents::isAgentCustomToolUse)
            .map(BetaManagedAgentsStreamSessionEvents::asAgentCustomToolUse)
            .findFirst()
            .orElseThrow();

    // When
    Exchange answered = talk.exchange(Talk.customResult(call.id(), "snow, -4 degrees"));

    // Then
    assertThat(call.name()).isEqualTo("get_weather");
    assertThat(call.input()._additionalProperties().get("city").asStringOrThrow())
        .isEqualTo("Oslo");
    assertThat(asked.awaited()).containsExactly(call.id());
    assertThat(answered.said()).containsExactly("The weather: snow, -4 degrees");
    assertThat(session(talk).object().getStatus().hands()).as("no sandbox was needed").isNull();
  }

  @Test
  void aCallWaitsForAPersonWithoutAPodAndRunsOnceWhenAllowed() {
    // Given
    Talk talk = sdk.session(sdk.carefulAgent("Careful"), sdk.environment("for-permissions"));
    Exchange asked = talk.exchange(Talk.message("Work"));
    WorkSession session = session(talk);
    session.awaitNoPods();
    assertThat(session.lines("works.log")).isEmpty();

    // When
    Exchange allowed = talk.exchange(Talk.allow(asked.awaited().getFirst()));

    // Then
    assertThat(asked.events())
        .filteredOn(BetaManagedAgentsStreamSessionEvents::isAgentToolUse)
        .singleElement()
        .satisfies(use -> {
          assertThat(use.asAgentToolUse().id()).isEqualTo(asked.awaited().getFirst());
          assertThat(use.evaluatedPermission())
              .contains(BetaManagedAgentsAgentEvaluatedPermission.ASK);
        });
    assertThat(allowed.said()).containsExactly("It says: work is done");
    assertThat(session.lines("works.log")).containsExactly("work");
  }

  @Test
  void aDeniedCallDoesNotRunAndTheAgentIsToldWhy() {
    // Given
    Talk talk = sdk.session(sdk.carefulAgent("Denied"), sdk.environment("for-denials"));
    Exchange asked = talk.exchange(Talk.message("Work"));

    // When
    Exchange denied = talk.exchange(Talk.deny(asked.awaited().getFirst(), "not on a Sunday"));

    // Then
    assertThat(denied.said())
        .singleElement()
        .asString()
        .startsWith("It was not done: ")
        .contains("not on a Sunday");
    assertThat(denied.stopReason().isEndTurn()).isTrue();
    assertThat(session(talk).lines("works.log")).isEmpty();
  }

  @Test
  void anInterruptEndsAToolThatRuns() {
    // Given
    Talk talk = sdk.session(sdk.agent("Held"), sdk.environment("for-holding"));
    talk.send(Talk.message("Hold"));
    WorkSession session = session(talk);
    await("the tool waits at its gate")
        .atMost(WorkSession.PATIENCE)
        .until(() -> session.file("gate").isPresent());

    // When
    Exchange interrupted = talk.exchange(Talk.interrupt());
    Exchange afterwards = talk.exchange(Talk.message("Say what comes next"));

    // Then
    assertThat(interrupted.stopReason().isEndTurn()).isTrue();
    assertThat(interrupted.events())
        .filteredOn(BetaManagedAgentsStreamSessionEvents::isAgentToolResult)
        .singleElement()
        .satisfies(result -> assertThat(result.isError()).contains(true));
    assertThat(afterwards.said()).containsExactly("You asked me to say: what comes next");
    assertThat(session.lines("works.log")).containsExactly("hold");
  }

  @Test
  void anInterruptEndsAnAnswerHalfTold() {
    // Given
    Talk talk = sdk.session(sdk.agent("Storyteller"), sdk.environment("for-stories"));

    // When
    Exchange interrupted =
        talk.exchange(
            Talk.message("Tell me a story"),
            BetaManagedAgentsStreamSessionEvents::isEventDelta,
            Talk.interrupt());
    Exchange afterwards = talk.exchange(Talk.message("Say thanks"));

    // Then
    assertThat(interrupted.said()).as("the story was not told to its end").isEmpty();
    assertThat(interrupted.stopReason().isEndTurn()).isTrue();
    assertThat(afterwards.said()).containsExactly("You asked me to say: thanks");
    assertThat(talk.now().status()).isEqualTo(BetaManagedAgentsSession.Status.IDLE);
    List<BetaManagedAgentsSessionEvent> history = talk.history(1000);
    assertThat(history).filteredOn(BetaManagedAgentsSessionEvent::isUserInterrupt).hasSize(1);
    assertThat(history)
        .filteredOn(BetaManagedAgentsSessionEvent::isSpanModelRequestStart)
        .as("every model call that began has an end in the log")
        .hasSameSizeAs(
            history.stream().filter(BetaManagedAgentsSessionEvent::isSpanModelRequestEnd).toList());
  }

  private WorkSession session(Talk talk) {
    return namespace.existing(CustomResource.named(namespace, "sessions", talk.id()).name());
  }
}
