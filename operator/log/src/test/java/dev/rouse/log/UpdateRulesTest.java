package dev.rouse.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.session.AgentSnapshot;
import dev.rouse.session.EventCodec;
import dev.rouse.session.Phase;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SessionState;
import dev.rouse.session.StopReason;
import dev.rouse.session.protocol.BrainProtocol.Code;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What may be changed about a session, when, and what the log says about it. */
class UpdateRulesTest extends SessionLogFixture {

  private static final Description SAME = new Description("A review", Map.of("team", "a"));

  private static final Function<AgentSnapshot, ObjectNode> NO_TOOLS =
      agent -> {
        ObjectNode next = EventCodec.JSON.valueToTree(agent);
        next.put("system", "Be brief.");
        return next;
      };

  private AppendAnswer describe(String title, Map<String, String> metadata) {
    return log.update("alice", () -> new Description(title, metadata), null);
  }

  private SessionEvent.Updated lastUpdate() {
    return otherServer
        .read(0, ALL)
        .map(record -> record.event())
        .filter(SessionEvent.Updated.class::isInstance)
        .map(SessionEvent.Updated.class::cast)
        .reduce((_, last) -> last)
        .orElseThrow();
  }

  @Tag("contract-session-update")
  @Test
  void anUpdateNamesOnlyWhatChanged() {
    // When
    accepted(describe("Another", Map.of("team", "a")));

    // Then
    assertThat(typesFrom(1)).containsExactly("rouse.described", "session.updated");
    assertThat(lastUpdate().title()).isEqualTo("Another");
    assertThat(lastUpdate().metadata()).isNull();
    assertThat(lastUpdate().agent()).isNull();
    assertThat(log.state().title()).isEqualTo("Another");
    assertThat(log.state().metadata()).isEqualTo(Map.of("team", "a"));
  }

  @Test
  void whatWasEmptiedIsKnownAndNotSaidTwice() {
    // Given
    accepted(describe(null, Map.of()));
    long head = log.state().head();

    // When
    accepted(otherServer.update(null, () -> new Description(null, Map.of()), null));

    // Then
    SessionState state = otherServer.state();
    assertThat(state.head()).isEqualTo(head);
    assertThat(state.title()).isNull();
    assertThat(state.metadata()).isEmpty();
  }

  @Test
  void whatIsSoAlreadyIsNotSaid() {
    // When
    List<?> records = accepted(log.update(null, () -> SAME, null));

    // Then
    assertThat(records).isEmpty();
    assertThat(log.state().head()).isZero();
  }

  @Test
  void twoServersThatBringTheSameChangeSayItOnce() {
    // Given
    otherServer.state();
    accepted(describe("Another", Map.of("team", "b")));

    // When
    accepted(otherServer.update(null, () -> new Description("Another", Map.of("team", "b")), null));

    // Then
    assertThat(types()).containsOnlyOnce("session.updated");
  }

  @Tag("contract-session-update-agent")
  @Test
  void theAgentInForceChangesWhileIdle() {
    // When
    accepted(log.update("alice", () -> SAME, NO_TOOLS));

    // Then
    SessionState state = otherServer.state();
    assertThat(Objects.requireNonNull(state.agent()).system()).isEqualTo("Be brief.");
    assertThat(Objects.requireNonNull(state.created()).agent().system()).isEqualTo("Review.");
    assertThat(lastUpdate().title()).isNull();
  }

  @Tag("contract-session-update-agent")
  @Test
  void theAgentStaysWhileTheSessionWorksAndTheTitleMayChange() {
    // Given
    accepted(receive(Given.message("go")));

    // When
    AppendAnswer agent = log.update("alice", () -> SAME, NO_TOOLS);
    AppendAnswer title = describe("Another", Map.of("team", "a"));

    // Then
    assertThat(refused(agent)).isEqualTo(Code.CONFLICT);
    assertThat(accepted(title)).hasSize(2);
  }

  @Test
  void aRestingSessionIsEndedOnce() {
    // When
    accepted(log.end("alice"));
    accepted(otherServer.end("alice"));

    // Then
    assertThat(typesFrom(1))
        .containsExactly("session.thread_status_terminated", "session.status_terminated");
    assertThat(log.state().terminatedAt()).isEqualTo(log.state().lastAt());
  }

  @Test
  void aSessionThatWaitsForAnswersCanBeEnded() {
    // Given
    runningWith(Given.custom("ask_person"));
    accepted(commit("brain", 1, idle(StopReason.requiresAction(log.state().awaited()))));

    // When
    accepted(log.end("alice"));

    // Then
    assertThat(log.state().phase()).isEqualTo(Phase.TERMINATED);
  }

  @Test
  void aWorkingSessionIsNotEndedAsJudgedAtTheHead() {
    // Given: another server took a message in that this one has not seen
    log.cachedState();
    otherServer.receive("in", "alice", List.of(Given.message("go")));

    // When
    AppendAnswer answer = log.end("alice");

    // Then
    assertThat(refused(answer)).isEqualTo(Code.CONFLICT);
    assertThat(((AppendAnswer.Refused) answer).refusal().message()).contains("user.interrupt");
  }

  @Test
  void anEndedSessionIsNotUpdated() {
    // Given
    accepted(log.end("alice"));

    // When
    AppendAnswer answer = describe("Another", Map.of());

    // Then
    assertThat(refused(answer)).isEqualTo(Code.GONE);
    assertThat(types()).doesNotContain("session.updated");
  }

  @Test
  void aBrainDoesNotUpdateItsOwnAgent() {
    // Given
    runningWith(Given.bash("true"));

    // When
    AppendAnswer answer =
        commit("brain", 1, new SessionEvent.Updated("sevt_1", null, "Mine", null, null));

    // Then
    assertThat(refused(answer)).isEqualTo(Code.INVALID);
  }

  @Test
  void anAgentThatStaysTheSameIsNoUpdate() {
    // Given
    long head = log.state().head();

    // When
    AppendAnswer answer =
        log.update(
            "alice",
            () -> new Description(log.state().title(), log.state().metadata()),
            agent -> EventCodec.JSON.valueToTree(agent));

    // Then
    assertThat(accepted(answer)).isEmpty();
    assertThat(log.state().head()).isEqualTo(head);
  }
}
