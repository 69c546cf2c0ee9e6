package dev.rouse.controller.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Environment;
import dev.rouse.api.ModelProvider;
import dev.rouse.api.reference.References;
import dev.rouse.controller.condition.Conditions.Statement;
import dev.rouse.controller.provider.ProviderReason;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VerdictTest {

  private static final References PINNED =
      new References.Pinned(new Environment(), new ModelProvider());
  private static final References MISSING =
      new References.Unresolved(References.Reason.AgentNotFound, "create it");
  private static final Work RUNNING = new Work(true, true, false, false, 1);
  private static final Work NEW = new Work(false, false, false, false, -1);
  private static final Work SUSPENDED = new Work(true, true, false, true, 1);

  @Test
  void aMissingReferenceIsNotReadyAndHeals() {
    // When
    List<Statement> statements = Verdict.of(MISSING, RUNNING, null, Stream.empty());
    // Then
    assertThat(said(statements))
        .containsExactly("Ready=False AgentNotFound", "Reconciling=True AgentNotFound");
    assertThat(statements).extracting(Statement::message).containsOnly("create it");
  }

  @Test
  void whatNeverHealsIsStalled() {
    // Given
    References archived =
        new References.Unresolved(References.Reason.AgentArchived, "create another");
    // When
    List<Statement> statements = Verdict.of(archived, NEW, null, Stream.empty());
    // Then
    assertThat(said(statements))
        .containsExactly("Ready=False AgentArchived", "Stalled=True AgentArchived");
    assertThat(statements).extracting(Statement::message).containsOnly("create another");
  }

  @Test
  void aForkThatTheServerRefusesIsStalledWithItsWords() {
    // When
    List<Statement> statements = Verdict.forkRefused("record 99 does not exist");
    // Then
    assertThat(said(statements))
        .containsExactly("Ready=False ForkRefused", "Stalled=True ForkRefused");
    assertThat(statements).extracting(Statement::message).containsOnly("record 99 does not exist");
  }

  @Test
  void aSessionWithoutALogIsNotReady() {
    // When
    List<Statement> statements = Verdict.of(PINNED, NEW, null, Stream.empty());
    // Then
    assertThat(said(statements))
        .containsExactly("Ready=False WaitingForLog", "Reconciling=True WaitingForLog");
  }

  @Test
  void aMissingKeyIsNotReadyAndHeals() {
    // Given
    Problem key = Problem.waiting(ProviderReason.SecretMissing, "m");
    // When
    List<Statement> statements = Verdict.of(PINNED, RUNNING, key, Stream.empty());
    // Then
    assertThat(said(statements))
        .containsExactly("Ready=False SecretMissing", "Reconciling=True SecretMissing");
  }

  @Test
  void readyAloneWhenNothingIsWaitedFor() {
    // When
    List<Statement> statements = Verdict.of(PINNED, RUNNING, null, Stream.empty());
    // Then
    assertThat(said(statements)).containsExactly("Ready=True Accepted");
  }

  @Test
  void readyStaysWhileSuspended() {
    // When
    List<Statement> statements = Verdict.of(PINNED, SUSPENDED, null, Stream.empty());
    // Then
    assertThat(said(statements)).containsExactly("Ready=True Suspended");
  }

  @Test
  void theFirstProblemOfEachKindIsTold() {
    // Given
    Stream<Problem> problems =
        Stream.of(
            Problem.stalled(SessionReason.BrainFailing, "a"),
            Problem.waiting(SessionReason.HandsWaiting, "b"),
            Problem.waiting(SessionReason.BrainWaiting, "c"));
    // When
    List<Statement> statements = Verdict.of(PINNED, RUNNING, null, problems);
    // Then
    assertThat(said(statements))
        .containsExactly(
            "Ready=True Accepted", "Reconciling=True HandsWaiting", "Stalled=True BrainFailing");
  }

  private static List<String> said(List<Statement> statements) {
    return statements.stream()
        .map(it -> "%s=%s %s".formatted(it.type(), it.status(), it.reason()))
        .toList();
  }
}
