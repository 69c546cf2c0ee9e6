package dev.rouse.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.Budget;
import dev.rouse.session.Event;
import dev.rouse.session.EventCodec;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.ListPrice;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.Phase;
import dev.rouse.session.PinnedProvider;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SessionState;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.StopReason;
import dev.rouse.session.UserEvent;
import dev.rouse.session.protocol.BrainProtocol.Code;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a budget allows, whoever asks (contract §2.5, §5.9). A token costs one cent here. */
class BudgetRulesTest extends SessionLogFixture {

  private static final Ids IDS = Ids.random();
  private static final long CENT = 10_000_000_000L;

  @Override
  @BeforeEach
  void create() {
    log.create(budgeted(Given.created(key), "10"), List.of());
  }

  /** The same session with this price and budget. */
  static InternalEvent.Created budgeted(InternalEvent.Created plain, @Nullable String cents) {
    return new InternalEvent.Created(
        plain.id(),
        plain.format(),
        plain.sessionUid(),
        plain.namespace(),
        plain.name(),
        plain.threadId(),
        plain.agent(),
        plain.environment(),
        new PinnedProvider("main", "m", 8192, null, new ListPrice(CENT, CENT, CENT, CENT)),
        plain.title(),
        plain.metadata(),
        cents == null ? null : Budget.ofCents(cents).json());
  }

  private static ModelUsage tokens(long count) {
    return new ModelUsage(count, 0, 0, 0, Map.of());
  }

  private static SpanEvent.ModelRequestStart start() {
    return new SpanEvent.ModelRequestStart(IDS.event(), tokens(4));
  }

  private static SpanEvent.ModelRequestEnd end(SpanEvent.ModelRequestStart start, long tokens) {
    return new SpanEvent.ModelRequestEnd(IDS.event(), start.id(), false, tokens(tokens));
  }

  private AppendAnswer budget(@Nullable String cents) {
    SessionState state = log.state();
    return log.update(
        "alice",
        () ->
            new Description(
                state.title(), state.metadata(), cents == null ? null : Budget.ofCents(cents)),
        null);
  }

  /** A turn of {@code brain} in epoch 1 whose model requests have cost this many cents. */
  private void spent(long cents, AgentEvent.Call... calls) {
    UserEvent.Message message = Given.message("go");
    accepted(receive(message));
    wake("brain");
    SpanEvent.ModelRequestStart start = start();
    accepted(commit("brain", 1, message, start));
    List<Event> events = new ArrayList<>(List.of(calls));
    events.add(end(start, cents));
    accepted(commit("brain", 1, events.toArray(Event[]::new)));
  }

  /** The same, and the session rests at its budget. */
  private void capped() {
    AgentEvent.ToolUse call = Given.bash("ls");
    spent(10, call);
    accepted(commit("brain", 1, Given.result(call.id(), "x")));
    accepted(commit("brain", 1, idle(StopReason.BUDGET_REACHED)));
  }

  // --- the append rule ---

  @Test
  void aModelRequestStartsWhileAnythingIsLeft() {
    // Given
    spent(9);
    // When
    AppendAnswer answer = commit("brain", 1, start());
    // Then
    accepted(answer);
  }

  @Tag("failure-23")
  @Test
  void aModelRequestBeyondTheBudgetIsRefusedWhateverTheBrainBelieves() {
    // Given
    spent(10);
    // When
    AppendAnswer answer = commit("brain", 1, start());
    // Then
    assertThat(refused(answer)).isEqualTo(Code.BUDGET_REACHED);
  }

  @Tag("failure-23")
  @Test
  void whatTheSameCommitClosesCountsBeforeWhatItStarts() {
    // Given: a brain that died in its second request.
    spent(7);
    SpanEvent.ModelRequestStart lost = start();
    accepted(commit("brain", 1, lost));
    int epoch = wake("other");
    // When
    AppendAnswer answer =
        commit(
            "other",
            epoch,
            new SpanEvent.ModelRequestEnd(IDS.event(), lost.id(), true, tokens(4)),
            start());
    // Then
    assertThat(refused(answer)).isEqualTo(Code.BUDGET_REACHED);
  }

  @Tag("failure-23")
  @Test
  void noModelRequestStartsThatCouldEndWithoutBeingCharged() {
    // Given
    spent(1);
    SpanEvent.ModelRequestStart open = start();
    accepted(commit("brain", 1, open));
    // When
    AppendAnswer besideAnother = commit("brain", 1, start());
    AppendAnswer withoutEstimate =
        commit("brain", 1, end(open, 1), new SpanEvent.ModelRequestStart(IDS.event()));
    // Then
    assertThat(refused(besideAnother)).isEqualTo(Code.INVALID);
    assertThat(refused(withoutEstimate)).isEqualTo(Code.INVALID);
  }

  @Tag("failure-23")
  @Test
  void aTurnThatIsGivenUpAfterFiveBrainsIsChargedItsOpenRequest() {
    // Given
    spent(1);
    accepted(commit("brain", 1, start()));
    for (int pod = 0; pod < WakeRules.MAX_WAKES; pod++) {
      wake("pod-" + pod);
    }
    // When
    WakeAnswer sixth = log.wake("one-more", "test", Set.of());
    // Then
    assertThat(sixth).isInstanceOf(WakeAnswer.Refused.class);
    assertThat(log.state().usage().inputTokens()).isEqualTo(5);
    JsonNode reported =
        otherServer
            .read(0, ALL)
            .map(record -> record.event())
            .filter(SessionEvent.UsageReported.class::isInstance)
            .map(event -> ((SessionEvent.UsageReported) event).usage().more().get("list_cost"))
            .toList()
            .getLast();
    assertThat(reported.path("amount").asText()).isEqualTo("5");
  }

  @Tag("failure-23")
  @Test
  void aCopyInTheMiddleOfARequestKeepsWhatWasSpentAndIsChargedThat() {
    // Given
    spent(3);
    accepted(commit("brain", 1, start()));
    SessionLog copy =
        new SessionLogs(store, LogSettings.DEFAULTS, Clock.systemUTC(), Ids.random())
            .of(Given.key("team-b"));
    accepted(copy.copy().append("bob", log.read(0, ALL).toList()));
    // When
    accepted(
        copy.copy().settle("bob", new Source(Source.Kind.FORK, "team-a", "s"), log.state().head()));
    // Then
    assertThat(copy.state().usage().inputTokens()).isEqualTo(7);
    assertThat(copy.state().budget()).isEqualTo(Budget.ofCents("10"));
  }

  @Test
  void aSessionThatIsMovedAtItsBudgetKeepsWhatIsQueued() {
    // Given
    spent(9);
    accepted(receive(Given.message("and then")));
    accepted(commit("brain", 1, end(start(), 1)));
    accepted(commit("brain", 1, idle(StopReason.BUDGET_REACHED)));
    SessionLog copy =
        new SessionLogs(store, LogSettings.DEFAULTS, Clock.systemUTC(), Ids.random())
            .of(Given.key("team-b"));
    accepted(copy.copy().append("bob", log.read(0, ALL).toList()));
    // When
    accepted(
        copy.copy().settle("bob", new Source(Source.Kind.MOVE, "team-a", "s"), log.state().head()));
    // Then
    assertThat(copy.state().stopReason()).isEqualTo(StopReason.BUDGET_REACHED);
    assertThat(copy.state().queued()).hasSize(1);
  }

  // --- at the cap ---

  @Tag("contract-state-budget")
  @Test
  void atTheBudgetTheSessionRestsThoughMessagesWait() {
    // Given
    spent(9);
    accepted(receive(Given.message("and then")));
    accepted(commit("brain", 1, end(start(), 1)));
    // When
    List<String> appended =
        accepted(commit("brain", 1, idle(StopReason.BUDGET_REACHED))).stream()
            .map(record -> EventCodec.typeOf(record.event()))
            .toList();
    // Then
    assertThat(appended)
        .containsExactly("session.thread_status_idle", "session.usage", "session.status_idle");
    assertThat(log.state().phase()).isEqualTo(Phase.IDLE);
    assertThat(log.state().queued()).hasSize(1);
  }

  static Stream<UserEvent> whatAsksForMore() {
    return Stream.of(
        Given.message("more"),
        Given.system("more"),
        new UserEvent.DefineOutcome(IDS.event(), "d", Given.input("type", "text"), null, null));
  }

  @Tag("contract-state-budget")
  @ParameterizedTest
  @MethodSource("whatAsksForMore")
  void atTheBudgetWhatAsksForMoreIsRefusedAndTheMessageNamesWhatIsNot(UserEvent event) {
    // Given
    capped();
    // When
    AppendAnswer answer = receive(event);
    // Then
    assertThat(refused(answer)).isEqualTo(Code.BUDGET_REACHED);
    assertThat(((AppendAnswer.Refused) answer).refusal().message())
        .contains(
            "user.tool_confirmation",
            "user.tool_result",
            "user.custom_tool_result",
            "user.interrupt");
  }

  @Tag("contract-state-budget")
  @Test
  void atTheBudgetAnInterruptIsAcceptedAndIgnored() {
    // Given
    capped();
    long head = log.state().head();
    // When
    accepted(receive(Given.interrupt()));
    // Then
    assertThat(typesFrom(head + 1)).containsExactly("user.interrupt");
    assertThat(log.state().stopReason()).isEqualTo(StopReason.BUDGET_REACHED);
  }

  @Tag("contract-state-budget")
  @Test
  void anAnswerIsTakenAtTheBudgetAndWhatItAllowsRuns() {
    // Given
    AgentEvent.ToolUse asked = Given.askedBash("ls");
    spent(10, asked);
    accepted(commit("brain", 1, idle(StopReason.requiresAction(List.of(asked.id())))));
    // When
    accepted(receive(Given.confirmation(asked.id(), "allow")));
    // Then
    assertThat(log.state().phase()).isEqualTo(Phase.RUNNING);
  }

  @Tag("contract-state-budget")
  @Test
  void theLastResultAtTheBudgetBringsRestWithoutABrain() {
    // Given
    AgentEvent.CustomToolUse custom = Given.custom("deploy");
    spent(10, custom);
    accepted(commit("brain", 1, idle(StopReason.requiresAction(List.of(custom.id())))));
    long head = log.state().head();
    // When
    accepted(receive(Given.customResult(custom.id(), "done")));
    // Then
    assertThat(typesFrom(head + 1))
        .containsExactly(
            "user.custom_tool_result",
            "session.thread_status_idle",
            "session.usage",
            "session.status_idle");
    assertThat(log.state().stopReason()).isEqualTo(StopReason.BUDGET_REACHED);
  }

  // --- changes ---

  @Test
  void raisingItResumesByItself() {
    // Given
    capped();
    long head = log.state().head();
    // When
    accepted(budget("11"));
    // Then
    assertThat(typesFrom(head + 1))
        .containsExactly(
            "session.updated", "session.status_running", "session.thread_status_running");
    assertThat(otherServer.state().budget()).isEqualTo(Budget.ofCents("11"));
    assertThat(otherServer.state().isAnswerDue()).isTrue();
  }

  @Test
  void brainsThatDiedBeforeTheBudgetWasReachedDoNotCountAgainstWhatFollows() {
    // Given: as many as may die, and the last one that brought the session to rest.
    spent(10);
    int epoch = 0;
    for (int pod = 0; pod < WakeRules.MAX_WAKES; pod++) {
      epoch = wake("pod-" + pod);
    }
    accepted(commit("pod-" + (WakeRules.MAX_WAKES - 1), epoch, idle(StopReason.BUDGET_REACHED)));
    accepted(budget("11"));
    // When
    WakeAnswer next = log.wake("next", "test", Set.of());
    // Then
    assertThat(next).isInstanceOf(WakeAnswer.Granted.class);
  }

  @Test
  void removingItResumesByItselfAndIsSaidAsNull() {
    // Given
    capped();
    long head = log.state().head();
    // When
    accepted(budget(null));
    // Then
    assertThat(typesFrom(head + 1)).contains("session.status_running");
    SessionEvent.Updated updated =
        (SessionEvent.Updated) otherServer.read(head + 1, 1).toList().getFirst().event();
    assertThat(Objects.requireNonNull(updated.budget()).isNull()).isTrue();
    assertThat(otherServer.state().budget()).isNull();
  }

  @Test
  void itMayBeLoweredToAnythingAboveWhatWasSpent() {
    // Given
    spent(4);
    // When
    AppendAnswer lower = budget("5");
    AppendAnswer tooLow = budget("4");
    // Then
    accepted(lower);
    assertThat(refused(tooLow)).isEqualTo(Code.INVALID);
    assertThat(log.state().budget()).isEqualTo(Budget.ofCents("5"));
    // It works: nothing is to be resumed.
    assertThat(types()).containsOnlyOnce("session.status_running");
  }

  @Test
  void aSessionWithoutAPriceCannotHaveOne() {
    // Given
    LogKey other = Given.key("team-c");
    SessionLog unpriced =
        new SessionLogs(store, LogSettings.DEFAULTS, Clock.systemUTC(), Ids.random()).of(other);
    unpriced.create(Given.created(other), List.of());
    // When
    AppendAnswer answer =
        unpriced.update(
            "alice",
            () -> new Description("A review", Map.of("team", "a"), Budget.ofCents("10")),
            null);
    // Then
    assertThat(refused(answer)).isEqualTo(Code.INVALID);
    assertThat(BudgetFault.of(unpriced.state(), Budget.ofCents("10")))
        .contains(BudgetFault.MODEL_NOT_BUDGETABLE);
  }
}
