package dev.rouse.e2e.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.SessionStatus;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Event;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.SessionEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.api.AbstractAssert;

/** What must hold of every session, whatever was killed while it worked. */
public final class EvidenceAssert extends AbstractAssert<EvidenceAssert, Evidence> {

  private EvidenceAssert(Evidence actual) {
    super(actual, EvidenceAssert.class);
  }

  public static EvidenceAssert assertThatEvidence(Evidence actual) {
    return new EvidenceAssert(actual);
  }

  /** The log has every record once, and time and epoch never go back. */
  public EvidenceAssert hasAnUnbrokenLog() {
    List<LogRecord> log = actual.log();
    assertThat(log).as("records" + actual.story()).isNotEmpty();
    assertThat(log.stream().map(LogRecord::seq).toList())
        .as("sequence numbers" + actual.story())
        .containsExactlyElementsOf(LongStream.range(0, log.size()).boxed().toList());
    assertThat(log.stream().map(LogRecord::at).toList())
        .as("times" + actual.story())
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(log.stream().map(LogRecord::epoch).toList())
        .as("epochs of records" + actual.story())
        .isSorted();
    assertThat(log.stream().map(record -> record.event().id()).toList())
        .as("event ids" + actual.story())
        .doesNotHaveDuplicates();
    assertThat(log.getFirst().event()).isInstanceOf(InternalEvent.Created.class);
    return this;
  }

  /** It woke so often, and every wake had an epoch and a pod of its own. */
  public EvidenceAssert woke(int atLeast, int atMost) {
    assertThat(actual.epochs().size()).as("wakes" + actual.story()).isBetween(atLeast, atMost);
    return eachWakeHasAPodOfItsOwn();
  }

  /** Every wake had an epoch and a pod of its own. */
  public EvidenceAssert eachWakeHasAPodOfItsOwn() {
    List<Integer> epochs = actual.epochs();
    assertThat(epochs)
        .as("epochs" + actual.story())
        .containsExactlyElementsOf(IntStream.rangeClosed(1, epochs.size()).boxed().toList());
    assertThat(actual.events(InternalEvent.Woken.class))
        .as("pods of wakes" + actual.story())
        .extracting(InternalEvent.Woken::podUid)
        .doesNotHaveDuplicates();
    return this;
  }

  /** These messages were received, delivered and processed, each once and in this order. */
  public EvidenceAssert heard(String... messages) {
    return heard(messages.length, messages);
  }

  /** The same of messages that came through the API: none of them was the object's to deliver. */
  public EvidenceAssert heardFromClients(String... messages) {
    return heard(0, messages);
  }

  private EvidenceAssert heard(int delivered, String... messages) {
    assertThat(actual.heard()).as("messages" + actual.story()).containsExactly(messages);
    assertThat(actual.events(InternalEvent.Received.class))
        .as("received" + actual.story())
        .hasSize(messages.length);
    assertThat(actual.events(InternalEvent.MessageDelivered.class))
        .as("delivered" + actual.story())
        .hasSize(delivered);
    return this;
  }

  /** The agent said this once, and the API and the object show it. */
  public EvidenceAssert answeredOnce(String answer) {
    assertThat(actual.said()).as("answers" + actual.story()).containsOnlyOnce(answer);
    assertThat(actual.history())
        .filteredOn(event -> event.path("type").asText().equals("agent.message"))
        .filteredOn(event -> event.toString().contains(answer))
        .as("the answer in the API's history")
        .hasSize(1);
    return this;
  }

  /** Each call has one result, behind it, and no result is without a call. */
  public EvidenceAssert everyToolUseHasOneResult() {
    List<String> uses =
        actual.events(AgentEvent.ToolUse.class).stream().map(AgentEvent.ToolUse::id).toList();
    List<String> results =
        actual.events(AgentEvent.ToolResult.class).stream()
            .map(AgentEvent.ToolResult::toolUseId)
            .toList();
    assertThat(results).as("results" + actual.story()).containsExactlyInAnyOrderElementsOf(uses);
    Map<String, Long> position =
        actual.log().stream()
            .collect(Collectors.toMap(record -> record.event().id(), LogRecord::seq));
    for (AgentEvent.ToolResult result : actual.events(AgentEvent.ToolResult.class)) {
      assertThat(position.get(result.id()))
          .as("result of " + result.toolUseId() + actual.story())
          .isGreaterThan(Objects.requireNonNull(position.get(result.toolUseId())));
    }
    return this;
  }

  /** The workspace shows exactly these executions. */
  public EvidenceAssert executed(String... works) {
    assertThat(actual.works()).as("executions" + actual.story()).containsExactly(works);
    return this;
  }

  /**
   * Every call that the log says was executed left one trace and no other call left any; a call
   * whose outcome the log calls unknown may have left one.
   */
  public EvidenceAssert executionsAreThoseOfTheLog() {
    Map<String, Long> certain = calls(false);
    Map<String, Long> possible = calls(true);
    Map<String, Long> traces =
        actual.works().stream()
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    HashSet<String> kinds = new HashSet<>(traces.keySet());
    kinds.addAll(possible.keySet());
    for (String kind : kinds) {
      assertThat(traces.getOrDefault(kind, 0L))
          .as("executions of \"" + kind + "\"" + actual.story())
          .isBetween(certain.getOrDefault(kind, 0L), possible.getOrDefault(kind, 0L));
    }
    return this;
  }

  private Map<String, Long> calls(boolean unknownToo) {
    Map<String, AgentEvent.ToolResult> results =
        actual.events(AgentEvent.ToolResult.class).stream()
            .collect(
                Collectors.toMap(
                    AgentEvent.ToolResult::toolUseId, Function.identity(), (a, b) -> a));
    return actual.events(AgentEvent.ToolUse.class).stream()
        .filter(use -> use.input().path("command").asText().contains(">> " + Evidence.WORKS))
        .filter(use -> unknownToo || !isUnknown(Objects.requireNonNull(results.get(use.id()))))
        .map(use -> use.input().path("command").asText().split("\\s+", 3)[1])
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }

  private static boolean isUnknown(AgentEvent.ToolResult result) {
    return Boolean.TRUE.equals(result.isError())
        && result.content() != null
        && ContentBlock.textOf(result.content()).contains("unknown");
  }

  /** So many results say that nobody knows whether the call ran. */
  public EvidenceAssert saysUnknown(int times) {
    assertThat(actual.events(AgentEvent.ToolResult.class))
        .filteredOn(EvidenceAssert::isUnknown)
        .as("results that say unknown" + actual.story())
        .hasSize(times);
    return this;
  }

  /** The model was called for these turns of its script, and for no others. */
  public EvidenceAssert modelPlayed(List<String> turns) {
    return modelPlayed(turns, Integer.MAX_VALUE);
  }

  /**
   * The same of a session that was to wake so often. Each wake more is a brain that was taken for
   * dead and replaced, and may have been cut off in a call that the next one makes again.
   */
  public EvidenceAssert modelPlayed(List<String> turns, int wakes) {
    List<String> calls = new ArrayList<>(actual.modelTurns());
    for (int again = actual.epochs().size() - wakes, i = 1; again > 0 && i < calls.size(); ) {
      boolean expected = i < turns.size() && calls.get(i).equals(turns.get(i));
      if (!expected && calls.get(i).equals(calls.get(i - 1))) {
        calls.remove(i);
        again--;
      } else {
        i++;
      }
    }
    assertThat(calls).as("calls of the model" + actual.story()).containsExactlyElementsOf(turns);
    return this;
  }

  /** The model was called for these turns in this order, for each as often as it was cut off. */
  public EvidenceAssert modelPlayedInOrder(List<String> turns) {
    List<String> changes =
        IntStream.range(0, actual.modelTurns().size())
            .filter(
                i -> i == 0 || !actual.modelTurns().get(i).equals(actual.modelTurns().get(i - 1)))
            .mapToObj(actual.modelTurns()::get)
            .toList();
    assertThat(changes).as("calls of the model" + actual.story()).containsExactlyElementsOf(turns);
    return this;
  }

  /** It ended its turn, and object, API and log say the same of it. */
  public EvidenceAssert restsInAgreement() {
    List<SessionEvent.Status> statuses = actual.events(SessionEvent.Status.class);
    assertThat(statuses.getLast())
        .as("last status" + actual.story())
        .isInstanceOfSatisfying(
            SessionEvent.StatusIdle.class,
            idle -> assertThat(idle.stopReason().type()).isEqualTo("end_turn"));
    SessionStatus status = actual.status();
    assertThat(status).isNotNull();
    assertThat(status.phase()).isEqualTo("Idle");
    assertThat(status.stopReason()).isEqualTo("end_turn");
    assertThat(Objects.requireNonNull(status.log()).head())
        .as("head in status.log" + actual.story())
        .isEqualTo(actual.log().getLast().seq());
    List<String> visible =
        actual.log().stream()
            .map(LogRecord::event)
            .filter(event -> !(event instanceof InternalEvent))
            .map(Event::id)
            .toList();
    assertThat(actual.history().stream().map((JsonNode event) -> event.path("id").asText()))
        .as("the API's history" + actual.story())
        .containsExactlyElementsOf(visible);
    return this;
  }
}
