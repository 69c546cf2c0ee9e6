package dev.rouse.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.session.Phase;
import dev.rouse.session.protocol.BrainProtocol.Code;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A session's log is ended before it is removed; and what a log would refuse can be asked. */
class DeletionRulesTest extends SessionLogFixture {

  @Tag("contract-state-deleted")
  @Test
  void theEndSaysThatTheSessionIsDeletedAndNothingFollowsIt() {
    // Given
    accepted(log.endToDelete("alice"));

    // When
    AppendAnswer late = otherServer.receive("in", "alice", List.of(Given.message("go")));

    // Then
    assertThat(refused(late)).isEqualTo(Code.GONE);
    assertThat(typesFrom(1))
        .containsExactly(
            "session.thread_status_terminated", "session.status_terminated", "session.deleted");
    assertThat(log.state().phase()).isEqualTo(Phase.TERMINATED);
  }

  @Test
  void whatHasEndedEndsOnce() {
    // Given
    accepted(log.end("alice"));
    long head = log.state().head();

    // When
    accepted(otherServer.endToDelete("alice"));

    // Then
    assertThat(otherServer.state().head()).isEqualTo(head);
  }

  @Test
  void aWorkingSessionIsNotDeletedAsJudgedAtTheHead() {
    // Given: another server took a message in that this one has not seen
    log.cachedState();
    otherServer.receive("in", "alice", List.of(Given.message("go")));

    // When
    AppendAnswer answer = log.endToDelete("alice");

    // Then
    assertThat(refused(answer)).isEqualTo(Code.CONFLICT);
    assertThat(((AppendAnswer.Refused) answer).refusal().message())
        .contains("user.interrupt", "before it can be deleted");
  }

  @Test
  void whatWouldBeRefusedIsToldAndNothingIsAppended() {
    // Given
    log.cachedState();
    accepted(otherServer.receive("in", "alice", List.of(Given.message("go"))));
    long head = otherServer.state().head();

    // When
    boolean agent = log.refusesUpdate(true).isPresent();
    boolean title = log.refusesUpdate(false).isPresent();

    // Then
    assertThat(agent).isTrue();
    assertThat(title).isFalse();
    assertThat(otherServer.state().head()).isEqualTo(head);
  }

  @Test
  void aRestingSessionTakesAnUpdateAndAnEndedOneDoesNot() {
    // Given
    boolean resting = log.refusesUpdate(true).isPresent();
    accepted(log.end("alice"));

    // When
    boolean ended = log.refusesUpdate(false).isPresent();

    // Then
    assertThat(resting).isFalse();
    assertThat(ended).isTrue();
    assertThat(refused(log.update(null, () -> new Description("x", Map.of()), null)))
        .isEqualTo(Code.GONE);
  }
}
