package dev.rouse.server.metrics;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.ModelProviderSpec.Price;
import dev.rouse.api.probe.Meters;
import dev.rouse.api.probe.Scrape;
import dev.rouse.log.AppendAnswer;
import dev.rouse.log.Given;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogSettings;
import dev.rouse.log.SessionLog;
import dev.rouse.log.SessionLogs;
import dev.rouse.log.Source;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.server.MovableClock;
import dev.rouse.server.metrics.Models.Offer;
import dev.rouse.server.metrics.Models.Protocol;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Event;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.StopReason;
import dev.rouse.session.ToolUse;
import dev.rouse.session.UserEvent;
import dev.rouse.session.protocol.BrainProtocol.CommitRequest;
import dev.rouse.session.tools.AgentToolset;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What two servers over one store count of one session. */
class CommitMetersTest {

  private static final Ids IDS = Ids.random();

  private Supplier<Offer> offers =
      () -> new Offer(Protocol.ANTHROPIC, new Price("10", "100", null, null));
  private final InMemoryLogStore store = new InMemoryLogStore();
  private final MovableClock clock = new MovableClock();
  private final LogKey key = Given.key("team-a");
  private final Server one = new Server();
  private final Server other = new Server();
  private int commits;

  private final class Server implements AutoCloseable {
    final Meters meters = new Meters();
    final SessionLogs logs =
        new SessionLogs(
            store,
            LogSettings.DEFAULTS,
            clock,
            IDS,
            new CommitMeters(meters, (_, _) -> offers.get()));

    SessionLog log() {
      return logs.of(key);
    }

    Scrape scrape() {
      return Scrape.of(meters.scrape());
    }

    void commit(int epoch, Event... events) {
      var answer =
          log()
              .appendAsBrain(
                  "pod-" + epoch,
                  new CommitRequest("commit-" + commits++, epoch, List.of(events), null));
      assertThat(answer).isInstanceOf(AppendAnswer.Accepted.class);
    }

    @Override
    public void close() {
      logs.close();
      meters.close();
    }
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
  }

  private static Event[] and(Event event, List<Event> more) {
    return Stream.concat(Stream.of(event), more.stream()).toArray(Event[]::new);
  }

  private void forward(int millis) {
    clock.forward(Duration.ofMillis(millis));
  }

  /** A session whose brain of epoch 1 has begun to ask the model. */
  private SpanEvent.ModelRequestStart begun() {
    return begun(Given.created(key));
  }

  private SpanEvent.ModelRequestStart begun(InternalEvent.Created created) {
    UserEvent.Message message = Given.message("go");
    one.log().create(created, List.of());
    one.log().receive("in-1", "ci", List.of(message));
    forward(3_000);
    one.log().wake("pod-1", "due", Set.of());
    SpanEvent.ModelRequestStart start = Given.modelStart();
    one.commit(1, message, start);
    return start;
  }

  @Test
  void aTurnFromItsMessageToItsEnd() {
    // Given
    SpanEvent.ModelRequestStart start = begun();
    forward(2_000);
    // When
    one.commit(1, Given.answer("hello"), Given.modelEnd(start));
    one.commit(1, Given.idle(StopReason.END_TURN).toArray(Event[]::new));
    // Then
    Scrape scrape = one.scrape();
    assertThat(scrape.counted())
        .containsExactly(
            entry("rouse_inputs_total{type=\"message\"}", 1.0),
            entry("rouse_model_cost_dollars_total{provider=\"anthropic\"}", 0.002),
            entry("rouse_model_request_seconds_count{provider=\"anthropic\"}", 1.0),
            entry("rouse_model_requests_total{outcome=\"ok\",provider=\"anthropic\"}", 1.0),
            entry("rouse_model_tokens_total{direction=\"input\",provider=\"anthropic\"}", 100.0),
            entry("rouse_model_tokens_total{direction=\"output\",provider=\"anthropic\"}", 10.0),
            entry("rouse_sessions_begun_total{origin=\"new\"}", 1.0),
            entry("rouse_turn_first_answer_seconds_count{start=\"cold\"}", 1.0),
            entry("rouse_turn_first_event_seconds_count{start=\"cold\"}", 1.0),
            entry("rouse_turns_ended_total{stop_reason=\"end_turn\"}", 1.0),
            entry("rouse_turns_started_total", 1.0),
            entry("rouse_wakes_total{reason=\"turn\"}", 1.0));
    assertThat(scrape.value("rouse_turn_first_event_seconds_sum{start=\"cold\"}"))
        .isCloseTo(3, within(0.01));
    assertThat(scrape.value("rouse_turn_first_answer_seconds_sum{start=\"cold\"}"))
        .isCloseTo(5, within(0.01));
    assertThat(scrape.value("rouse_model_request_seconds_sum{provider=\"anthropic\"}"))
        .isCloseTo(2, within(0.01));
  }

  @Test
  void theServerThatStoresACommitCountsItAndNoOtherDoes() {
    // Given
    SpanEvent.ModelRequestStart start = begun();
    // When the brain goes on with another server, which was started just now
    other.commit(1, Given.answer("hello"), Given.modelEnd(start));
    other.commit(1, Given.idle(StopReason.END_TURN).toArray(Event[]::new));
    one.log().state();
    // Then
    assertThat(other.scrape().counted())
        .containsOnlyKeys(
            "rouse_model_cost_dollars_total{provider=\"anthropic\"}",
            "rouse_model_request_seconds_count{provider=\"anthropic\"}",
            "rouse_model_requests_total{outcome=\"ok\",provider=\"anthropic\"}",
            "rouse_model_tokens_total{direction=\"input\",provider=\"anthropic\"}",
            "rouse_model_tokens_total{direction=\"output\",provider=\"anthropic\"}",
            "rouse_turn_first_answer_seconds_count{start=\"cold\"}",
            "rouse_turns_ended_total{stop_reason=\"end_turn\"}");
    assertThat(one.scrape().counted())
        .containsOnlyKeys(
            "rouse_inputs_total{type=\"message\"}",
            "rouse_sessions_begun_total{origin=\"new\"}",
            "rouse_turn_first_event_seconds_count{start=\"cold\"}",
            "rouse_turns_started_total",
            "rouse_wakes_total{reason=\"turn\"}");
  }

  @Test
  void aCompactionIsCounted() {
    // Given
    SpanEvent.ModelRequestStart start = begun();
    one.commit(1, Given.answer("hello"), Given.modelEnd(start));
    // When
    one.commit(
        1,
        new InternalEvent.Compacted("sevt_c", one.log().state().past().throughSeq(), "greeted"),
        new AgentEvent.ThreadContextCompacted("sevt_t"));
    // Then
    assertThat(one.scrape().counted()).contains(entry("rouse_compactions_total", 1.0));
  }

  @Test
  void callsAreCountedByHowTheyEnd() {
    // Given
    SpanEvent.ModelRequestStart start = begun();
    AgentEvent.ToolUse ok = Given.bash("ls");
    AgentEvent.ToolUse wrong = Given.bash("false");
    AgentEvent.ToolUse lost = Given.bash("reboot");
    AgentEvent.ToolUse cut = Given.bash("sleep 9");
    UserEvent.Interrupt interrupt = Given.interrupt();
    one.commit(1, ok, wrong, lost, cut, Given.modelEnd(start));
    // When
    one.commit(1, Given.result(ok.id(), "a b"));
    one.commit(1, error(wrong, "exit code 1"));
    one.commit(1, error(lost, AgentToolset.OUTCOME_UNKNOWN + ": gone"));
    one.log().receive("in-2", "ci", List.of(interrupt));
    one.commit(
        1,
        Stream.concat(
                Stream.of(interrupt, error(cut, "interrupted")),
                Given.idle(StopReason.END_TURN).stream())
            .toArray(Event[]::new));
    // Then
    assertThat(one.scrape().counted())
        .containsEntry("rouse_tool_calls_total{outcome=\"ok\",tool=\"bash\"}", 1.0)
        .containsEntry("rouse_tool_calls_total{outcome=\"error\",tool=\"bash\"}", 1.0)
        .containsEntry("rouse_tool_calls_total{outcome=\"unknown\",tool=\"bash\"}", 1.0)
        .containsEntry("rouse_tool_calls_total{outcome=\"interrupted\",tool=\"bash\"}", 1.0)
        .containsEntry("rouse_inputs_total{type=\"interrupt\"}", 1.0)
        .containsEntry("rouse_turns_ended_total{stop_reason=\"end_turn\"}", 1.0);
  }

  @Test
  void waitingForPeopleIsAPauseAndTakesItsTime() {
    // Given
    SpanEvent.ModelRequestStart start = begun();
    AgentEvent.ToolUse asked = Given.askedBash("rm -r build");
    AgentEvent.CustomToolUse custom = Given.custom("look_up_my_name");
    one.commit(
        1,
        Stream.concat(
                Stream.of(asked, custom, Given.modelEnd(start)),
                Given.idle(StopReason.requiresAction(List.of(asked.id(), custom.id()))).stream())
            .toArray(Event[]::new));
    forward(3_600_000);
    // When
    one.log().receive("in-2", "ci", List.of(Given.customResult(custom.id(), "Ada")));
    one.log().receive("in-3", "ann", List.of(Given.confirmation(asked.id(), "deny")));
    one.log().wake("pod-2", "due", Set.of());
    one.commit(2, error(asked, "denied"));
    // Then
    Scrape scrape = one.scrape();
    assertThat(scrape.counted())
        .containsEntry("rouse_turns_started_total", 1.0)
        .containsEntry("rouse_turns_paused_total{stop_reason=\"requires_action\"}", 1.0)
        .containsEntry("rouse_wakes_total{reason=\"answer\"}", 1.0)
        .containsEntry("rouse_inputs_total{type=\"confirmation\"}", 1.0)
        .containsEntry("rouse_inputs_total{type=\"custom_tool_result\"}", 1.0)
        .containsEntry("rouse_tool_calls_total{outcome=\"ok\",tool=\"custom\"}", 1.0)
        .containsEntry("rouse_tool_calls_total{outcome=\"denied\",tool=\"bash\"}", 1.0);
    assertThat(scrape.value("rouse_answer_wait_seconds_sum{kind=\"approval\"}"))
        .isCloseTo(3_600, within(0.01));
    assertThat(scrape.value("rouse_answer_wait_seconds_count{kind=\"custom_tool\"}")).isEqualTo(1);
  }

  @Test
  void whatAWorkerSendsIsToldFromWhatIsWrittenInItsPlace() {
    // Given
    SpanEvent.ModelRequestStart start = begun(Given.selfHosted(key));
    AgentEvent.ToolUse ok = Given.bash("ls");
    AgentEvent.ToolUse cut = Given.bash("sleep 9");
    AgentEvent.CustomToolUse custom = Given.custom("look_up_my_name");
    AgentEvent.ToolUse faulty = denied(null);
    AgentEvent.ToolUse judged = denied(Given.input("type", "auto"));
    UserEvent.Interrupt interrupt = Given.interrupt();
    one.commit(1, ok, cut, custom, faulty, judged, failed(faulty), Given.modelEnd(start));
    one.commit(1, failed(judged));
    // When
    one.log().receive("in-2", "worker", List.of(Given.toolResult(ok.id(), "a b")));
    one.log().receive("in-3", "ci", List.of(interrupt));
    one.commit(1, and(interrupt, List.of(failed(cut), failed(custom))));
    // Then
    assertThat(one.scrape().counted())
        .containsEntry("rouse_inputs_total{type=\"tool_result\"}", 1.0)
        .containsEntry("rouse_inputs_total{type=\"interrupt\"}", 1.0)
        .doesNotContainKey("rouse_inputs_total{type=\"custom_tool_result\"}")
        .doesNotContainKey("rouse_answer_wait_seconds_count{kind=\"custom_tool\"}")
        .containsEntry("rouse_tool_calls_total{outcome=\"ok\",tool=\"bash\"}", 1.0)
        .containsEntry("rouse_tool_calls_total{outcome=\"error\",tool=\"bash\"}", 1.0)
        .containsEntry("rouse_tool_calls_total{outcome=\"denied\",tool=\"bash\"}", 1.0)
        .containsEntry("rouse_tool_calls_total{outcome=\"interrupted\",tool=\"bash\"}", 1.0)
        .containsEntry("rouse_tool_calls_total{outcome=\"interrupted\",tool=\"custom\"}", 1.0);
  }

  @Test
  void wakesAreToldApart() {
    // Given a brain that died in the middle of the work
    SpanEvent.ModelRequestStart start = begun();
    one.log().wake("pod-2", "due", Set.of());
    one.commit(2, and(Given.modelEnd(start), Given.idle(StopReason.END_TURN)));
    // When one comes in vain, and lingers when there is work again
    one.log().wake("pod-3", "due", Set.of());
    UserEvent.Message next = Given.message("more");
    one.log().receive("in-2", "ci", List.of(next));
    one.commit(3, next, Given.modelStart());
    // Then
    assertThat(one.scrape().counted())
        .containsEntry("rouse_wakes_total{reason=\"turn\"}", 1.0)
        .containsEntry("rouse_wakes_total{reason=\"restart\"}", 1.0)
        .containsEntry("rouse_wakes_total{reason=\"in_vain\"}", 1.0)
        .containsEntry("rouse_turns_started_total", 2.0)
        .containsEntry("rouse_turn_first_event_seconds_count{start=\"warm\"}", 1.0);
  }

  @Test
  void whatWasCopiedHappenedElsewhere() {
    // Given
    SpanEvent.ModelRequestStart start = begun();
    one.commit(1, and(Given.modelEnd(start), Given.idle(StopReason.END_TURN)));
    SessionLog fork = other.logs.of(Given.key("team-a"));
    // When
    fork.copy().append("ci", one.log().read(0, Integer.MAX_VALUE).toList());
    fork.copy().settle("ci", new Source(Source.Kind.FORK, null, null), one.log().state().head());
    fork.receive("in", "ci", List.of(Given.message("another way")));
    // Then
    assertThat(other.scrape().counted())
        .containsExactly(
            entry("rouse_inputs_total{type=\"message\"}", 1.0),
            entry("rouse_sessions_begun_total{origin=\"fork\"}", 1.0),
            entry("rouse_turns_started_total", 1.0));
  }

  @Test
  void aCostThatNobodyKnowsIsSaidToBeUnknown() {
    // Given
    offers = () -> new Offer(Protocol.OPENAI, null);
    SpanEvent.ModelRequestStart start = begun();
    // When
    one.commit(1, Given.answer("hello"), Given.modelEnd(start));
    // Then
    assertThat(one.scrape().counted())
        .containsEntry("rouse_model_unpriced_requests_total{provider=\"openai\"}", 1.0)
        .doesNotContainKey("rouse_model_cost_dollars_total{provider=\"openai\"}");
  }

  @Test
  void whatCannotBeCountedIsAppendedAllTheSame() {
    // Given
    offers =
        () -> {
          throw new IllegalStateException("planned");
        };
    SpanEvent.ModelRequestStart start = begun();
    // When
    one.commit(1, Given.answer("hello"), Given.modelEnd(start));
    one.commit(1, Given.idle(StopReason.END_TURN).toArray(Event[]::new));
    // Then
    assertThat(one.log().state().stopReason()).isEqualTo(StopReason.END_TURN);
    assertThat(one.scrape().counted())
        .containsEntry("rouse_turns_ended_total{stop_reason=\"end_turn\"}", 1.0);
  }

  /** As a brain writes it. @param evaluation of the policy; null where none was asked */
  private static AgentEvent.ToolUse denied(@Nullable JsonNode evaluation) {
    return new AgentEvent.ToolUse(
        IDS.event(), "bash", Given.input("command", "ls"), "deny", evaluation, null);
  }

  /** What the server or a brain writes about a call that no worker will run to its end. */
  private static Event failed(AgentEvent.Call call) {
    return new ToolUse(call, null, null, true).failed(IDS.event(), "not run");
  }

  private static AgentEvent.ToolResult error(AgentEvent.ToolUse call, String text) {
    return new AgentEvent.ToolResult(
        IDS.event(), call.id(), List.of(ContentBlock.text(text)), true);
  }
}
