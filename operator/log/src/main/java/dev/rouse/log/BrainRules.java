package dev.rouse.log;

import dev.rouse.session.AgentEvent;
import dev.rouse.session.Event;
import dev.rouse.session.EventCodec;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.Phase;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SessionState;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.ThreadEvent;
import dev.rouse.session.UnknownEvent;
import dev.rouse.session.UserEvent;
import dev.rouse.session.WorkflowEvent;
import dev.rouse.session.protocol.BrainProtocol.Code;
import dev.rouse.session.protocol.BrainProtocol.CommitRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a brain may append at a given head. */
final class BrainRules {

  private final StatusEvents status;

  BrainRules(Ids ids) {
    this.status = new StatusEvents(ids);
  }

  Decision judge(LogView view, String podUid, CommitRequest request) {
    SessionState state = view.state();
    return OpenForWork.refusal(view.key(), state)
        .or(() -> fence(view, podUid, request))
        .or(() -> placed(view, request))
        .or(() -> allowed(view, request))
        .or(() -> interrupted(view, request))
        .or(() -> overBudget(view, request))
        .or(() -> full(view, request))
        .orElseGet(() -> append(view, request));
  }

  /** Exactly the last epoch and pod: no lease and no clock decides who is the brain. */
  private static Optional<Decision> fence(LogView view, String podUid, CommitRequest request) {
    SessionState state = view.state();
    return request.epoch() == state.epoch() && podUid.equals(state.podUid())
        ? Optional.empty()
        : refuse(
            Code.FENCED,
            view.key().describe()
                + " is in epoch "
                + state.epoch()
                + " of another pod or wake; epoch "
                + request.epoch()
                + " must exit",
            state);
  }

  private static Optional<Decision> placed(LogView view, CommitRequest request) {
    SessionState state = view.state();
    return request.atHead() == null || request.atHead() == state.head()
        ? Optional.empty()
        : refuse(
            Code.CONFLICT,
            "the head of "
                + view.key().describe()
                + " is "
                + state.head()
                + ", not "
                + request.atHead()
                + ": read on and decide again",
            state);
  }

  private static Optional<Decision> allowed(LogView view, CommitRequest request) {
    SessionState state = view.state();
    if (request.events().isEmpty()) {
      return refuse(Code.INVALID, "events: a commit needs at least one", state);
    }
    Set<String> ids = new HashSet<>();
    Set<String> open = new HashSet<>(state.openToolUses().keySet());
    for (Event event : request.events()) {
      if (!ids.add(event.id())) {
        return refuse(Code.INVALID, "events: " + event.id() + " stands twice", state);
      }
      Optional<String> wrong = wrong(state, event);
      if (wrong.isPresent()) {
        return refuse(Code.INVALID, wrong.get(), state);
      }
      if (event instanceof AgentEvent.Call call) {
        open.add(call.id());
      }
      Optional<Decision> answer = answers(view, open, event);
      if (answer.isPresent()) {
        return answer;
      }
    }
    return Optional.empty();
  }

  /** What is not the brain's to write. */
  private static Optional<String> wrong(SessionState state, Event event) {
    return switch (event) {
      // Of a call that no worker will answer: see ToolUse#failed.
      case UserEvent.ToolResult _, UserEvent.CustomToolResult _ when state.selfHosted() ->
          Optional.empty();
      case UserEvent input -> {
        Event received = state.queued().get(input.id());
        yield received != null && EventCodec.toJson(received).equals(EventCodec.toJson(input))
            ? Optional.empty()
            : Optional.of(
                "events: " + input.id() + " is not a received event that waits to be processed");
      }
      case InternalEvent.Dispatched _ -> Optional.empty();
      case InternalEvent.Compacted it ->
          it.throughSeq() >= 0 && it.throughSeq() <= state.past().throughSeq()
              ? Optional.empty()
              : Optional.of(
                  "events: a compaction through record "
                      + it.throughSeq()
                      + " would hide what waits for the model; it may go through "
                      + state.past().throughSeq());
      case InternalEvent _ ->
          Optional.of("events: a brain does not write " + EventCodec.typeOf(event));
      case SessionEvent.Deleted _, SessionEvent.Updated _ ->
          Optional.of("events: a brain does not write " + EventCodec.typeOf(event));
      case UnknownEvent unknown ->
          Optional.of("events: " + unknown.type() + " needs a newer version of the server");
      case AgentEvent _, SessionEvent _, ThreadEvent _, SpanEvent _, WorkflowEvent _ ->
          Optional.empty();
    };
  }

  private static Optional<Decision> answers(LogView view, Set<String> open, Event event) {
    Optional<Answer> answer = Answer.of(event);
    if (answer.isEmpty() || open.remove(answer.get().toolUseId())) {
      return Optional.empty();
    }
    Optional<LogRecord> first = view.first(answer.get());
    if (first.isPresent() && Answer.saysTheSame(first.get().event(), event)) {
      return Optional.empty();
    }
    return refuse(
        first.isPresent() ? Code.CONFLICT : Code.INVALID,
        "tool use "
            + answer.get().toolUseId()
            + (first.isPresent()
                ? " has another result: read on and decide again"
                : " is not open: it has no result to get"),
        view.state());
  }

  /** While an interrupt waits nothing may start, and the session may not rest over it. */
  private static Optional<Decision> interrupted(LogView view, CommitRequest request) {
    SessionState state = view.state();
    if (state.pendingInterrupt().isEmpty()) {
      return Optional.empty();
    }
    Set<String> taken = new HashSet<>();
    request.events().forEach(event -> taken.add(event.id()));
    boolean waits =
        state.queued().values().stream()
            .anyMatch(event -> event instanceof UserEvent.Interrupt && !taken.contains(event.id()));
    return waits && request.events().stream().anyMatch(BrainRules::startsOrRests)
        ? refuse(
            Code.INTERRUPTED,
            "an interrupt of " + view.key().describe() + " waits: take it up first",
            state)
        : Optional.empty();
  }

  private static boolean startsOrRests(Event event) {
    return event instanceof AgentEvent.Call
        || event instanceof InternalEvent.Dispatched
        || event instanceof SpanEvent.ModelRequestStart
        || event instanceof SessionEvent.StatusIdle;
  }

  /**
   * Whatever a brain believes, no model request starts that the budget does not allow, and none
   * that could end without being charged.
   */
  private static Optional<Decision> overBudget(LogView view, CommitRequest request) {
    SessionState state = view.state();
    List<Event> before = new ArrayList<>();
    for (Event event : request.events()) {
      if (state.budget() != null && event instanceof SpanEvent.ModelRequestStart start) {
        SessionState then = view.after(before);
        if (then.openSpan() != null || start.estimate() == null) {
          return refuse(
              Code.INVALID,
              "events: in a session with a budget a model request needs an estimate, and the one"
                  + " before it must be closed",
              state);
        }
        if (then.isBudgetReached()) {
          return refuse(
              Code.BUDGET_REACHED,
              view.key().describe() + " has reached its budget: let it rest",
              state);
        }
      }
      before.add(event);
    }
    return Optional.empty();
  }

  private static Optional<Decision> full(LogView view, CommitRequest request) {
    boolean refused =
        switch (view.room()) {
          case FREE -> false;
          case LOG_FULL, STORE_FULL ->
              request.events().stream().anyMatch(SpanEvent.ModelRequestStart.class::isInstance);
          case EXHAUSTED ->
              request.events().stream()
                  .noneMatch(event ->
                      event instanceof SessionEvent.StatusIdle
                          || event instanceof SessionEvent.StatusTerminated);
        };
    return refused ? Optional.of(view.room().refuse(view)) : Optional.empty();
  }

  private Decision append(LogView view, CommitRequest request) {
    List<Event> events = new ArrayList<>();
    List<LogRecord> standing = new ArrayList<>();
    for (Event event : request.events()) {
      Optional<LogRecord> first = Answer.of(event).flatMap(view::first);
      first.ifPresentOrElse(standing::add, () -> events.add(event));
    }
    if (events.isEmpty()) {
      return new Decision.Stands(standing);
    }
    if (events.stream().anyMatch(SessionEvent.StatusIdle.class::isInstance)) {
      SessionState after = view.after(events);
      boolean workWaits = !after.queued().isEmpty() && after.awaited().isEmpty();
      boolean mayWork = after.stopReason() == null || !after.stopReason().budgetReached();
      if (after.phase() == Phase.IDLE && workWaits && mayWork) {
        events.addAll(status.running(after));
      }
    }
    return Decision.append(view.state(), events);
  }

  private static Optional<Decision> refuse(Code code, String message, SessionState state) {
    return Optional.of(Decision.refuse(code, message, state));
  }
}
