package dev.rouse.log;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.session.AgentSnapshot;
import dev.rouse.session.Budget;
import dev.rouse.session.Event;
import dev.rouse.session.EventCodec;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.Phase;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SessionState;
import dev.rouse.session.ThreadEvent;
import dev.rouse.session.protocol.BrainProtocol.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What may be changed about a session, and how it is ended, at a given head. */
final class UpdateRules {

  private final Ids ids;
  private final StatusEvents status;

  UpdateRules(Ids ids) {
    this.ids = ids;
    this.status = new StatusEvents(ids);
  }

  /**
   * Judges a change.
   *
   * @param wanted title, metadata and budget as they are to be, asked for at each judgement
   * @param agent the agent that is to follow the one in force; null to leave it
   */
  Decision update(
      LogView view,
      Supplier<Description> wanted,
      @Nullable Function<AgentSnapshot, ObjectNode> agent) {
    SessionState state = view.state();
    Optional<Decision> closed = OpenForWork.refusal(view.key(), state);
    if (closed.isPresent()) {
      return closed.get();
    }
    if (view.room() == Room.EXHAUSTED) {
      return view.room().refuse(view);
    }
    if (agent != null && state.phase() != Phase.IDLE) {
      return works(view, "its agent can be changed");
    }
    Description next = wanted.get();
    boolean titled = !Objects.equals(next.title(), state.title());
    boolean rebudgeted = !Objects.equals(next.budget(), state.budget());
    Optional<BudgetFault> fault = BudgetFault.of(state, next.budget());
    if (fault.isPresent()) {
      return Decision.refuse(Code.INVALID, fault.get().message(state), state);
    }
    boolean labelled = !next.metadata().equals(state.metadata());
    AgentSnapshot present = Objects.requireNonNull(state.agent());
    @Nullable ObjectNode asked = agent == null ? null : agent.apply(present);
    @Nullable ObjectNode changed =
        EventCodec.JSON.valueToTree(present).equals(asked) ? null : asked;
    List<Event> events = new ArrayList<>();
    if (titled || labelled) {
      events.add(new InternalEvent.Described(ids.event(), next.title(), orNull(next.metadata())));
    }
    if (titled || labelled || rebudgeted || changed != null) {
      events.add(
          new SessionEvent.Updated(
              ids.event(),
              changed,
              titled ? next.title() : null,
              labelled ? orNull(next.metadata()) : null,
              rebudgeted ? json(next.budget()) : null));
    }
    if (rebudgeted && state.stopReason() != null && state.stopReason().budgetReached()) {
      events.addAll(status.running(state));
    }
    return events.isEmpty() ? new Decision.Stands(List.of()) : Decision.append(state, events);
  }

  private static JsonNode json(@Nullable Budget budget) {
    return budget == null ? NullNode.getInstance() : budget.json();
  }

  private static @Nullable Map<String, String> orNull(Map<String, String> metadata) {
    return metadata.isEmpty() ? null : metadata;
  }

  /** Ends a session that rests; what waits in it is never answered. */
  Decision end(LogView view) {
    return end(view, "archived", List.of());
  }

  /**
   * The same for a session that is to be deleted: nothing can be appended behind it any more, and
   * who follows the log is told what comes.
   */
  Decision endToDelete(LogView view) {
    return end(view, "deleted", List.of(new SessionEvent.Deleted(ids.event())));
  }

  private Decision end(LogView view, String what, List<Event> last) {
    SessionState state = view.state();
    if (state.phase() == Phase.TERMINATED) {
      return new Decision.Stands(List.of());
    }
    Optional<Decision> closed = OpenForWork.refusal(view.key(), state);
    if (closed.isPresent()) {
      return closed.get();
    }
    if (state.phase().isDue()) {
      return works(view, "it can be " + what);
    }
    InternalEvent.Created created = Objects.requireNonNull(state.created());
    List<Event> events = new ArrayList<>();
    events.add(
        new ThreadEvent.StatusTerminated(ids.event(), created.threadId(), created.agent().name()));
    events.add(new SessionEvent.StatusTerminated(ids.event()));
    events.addAll(last);
    return Decision.append(state, events);
  }

  private static Decision works(LogView view, String what) {
    return Decision.refuse(
        Code.CONFLICT,
        "%s is %s: send user.interrupt, or wait until it is idle, before %s"
            .formatted(view.key().describe(), view.state().phase().wireName(), what),
        view.state());
  }
}
