package dev.rouse.log;

import dev.rouse.session.AgentEvent;
import dev.rouse.session.Event;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.Phase;
import dev.rouse.session.SessionState;
import dev.rouse.session.StopReason;
import dev.rouse.session.ToolUse;
import dev.rouse.session.UserEvent;
import dev.rouse.session.protocol.BrainProtocol.Code;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client's events become at a given head.
 *
 * <p>Messages are received and wait for the brain; answers to calls and outcomes are processed at
 * once. A resting session that thereby gets work runs from this commit on.
 */
final class InputRules {

  /** Contract §2.5. */
  private static final String AT_THE_BUDGET =
      "user.tool_confirmation, user.tool_result, user.custom_tool_result and user.interrupt";

  private final Ids ids;
  private final StatusEvents status;

  InputRules(Ids ids) {
    this.ids = ids;
    this.status = new StatusEvents(ids);
  }

  /**
   * Judges {@code input}.
   *
   * @param before events that precede the input in the same commit
   */
  Decision judge(LogView view, List<Event> before, List<UserEvent> input) {
    SessionState state = before.isEmpty() ? view.state() : view.after(before);
    Optional<Decision> closed = OpenForWork.refusal(view.key(), state);
    if (closed.isPresent()) {
      return closed.get();
    }
    if (isMisplaced(state, input)) {
      return Decision.refuse(
          Code.INVALID,
          "system.message: "
              + view.key().describe()
              + " waits for answers; until then one may only follow a result in the same request",
          state);
    }
    if (state.isBudgetReached() && input.stream().anyMatch(InputRules::asksForMore)) {
      return Decision.refuse(
          Code.BUDGET_REACHED,
          view.key().describe()
              + " has reached its budget: until that is raised or removed it accepts only "
              + AT_THE_BUDGET,
          state);
    }
    List<Event> events = new ArrayList<>(before);
    Map<Answer, Event> answers = new HashMap<>();
    boolean answered = false;
    boolean isStopped = state.pendingInterrupt().isPresent();
    boolean work = false;
    for (UserEvent event : input) {
      Optional<Decision> full = full(view, event);
      if (full.isPresent()) {
        return full.get();
      }
      switch (event) {
        case UserEvent.Message _, UserEvent.SystemMessage _ -> {
          events.add(new InternalEvent.Received(ids.event(), event));
          work = true;
        }
        case UserEvent.DefineOutcome _ -> {
          events.add(event);
          work = true;
        }
        case UserEvent.Interrupt _ -> {
          // One that waits stops whatever there is to stop: another has nothing left to do.
          boolean taken = isTurnUnderWay(state) && !isStopped;
          isStopped |= taken;
          events.add(taken ? new InternalEvent.Received(ids.event(), event) : event);
          answered |= taken;
        }
        case UserEvent.ToolConfirmation _, UserEvent.ToolResult _, UserEvent.CustomToolResult _ -> {
          if (event instanceof UserEvent.ToolResult && !state.selfHosted()) {
            return Decision.refuse(
                Code.INVALID,
                "user.tool_result is for self-hosted environments: the tools of "
                    + view.key().describe()
                    + " run in its own sandbox",
                state);
          }
          Answer answer = Answer.of(event).orElseThrow();
          Optional<Event> first =
              Optional.ofNullable(answers.get(answer))
                  .or(() -> view.first(answer).map(record -> record.event()));
          Optional<Decision> wrong =
              first.isPresent()
                  ? contradiction(view, answer, first.get(), event)
                  : unasked(view, state, event, answer);
          if (wrong.isPresent()) {
            return wrong.get();
          }
          if (first.isEmpty()) {
            answers.put(answer, event);
            events.add(event);
            answered = true;
          }
        }
      }
    }
    if (events.isEmpty()) {
      return new Decision.Stands(List.of());
    }
    if (state.phase() == Phase.IDLE) {
      events.addAll(resting(view, state, events, answered, work));
    }
    return Decision.append(state, events);
  }

  /** While answers are awaited a system message has its place behind one of them only. */
  private static boolean isMisplaced(SessionState state, List<UserEvent> input) {
    return input.stream().anyMatch(UserEvent.SystemMessage.class::isInstance)
        && input.stream()
            .noneMatch(event ->
                event instanceof UserEvent.CustomToolResult
                    || event instanceof UserEvent.ToolResult)
        && state.phase() == Phase.IDLE
        && !state.awaited().isEmpty();
  }

  private static boolean asksForMore(UserEvent event) {
    return switch (event) {
      case UserEvent.Message _, UserEvent.SystemMessage _, UserEvent.DefineOutcome _ -> true;
      case UserEvent.ToolConfirmation _,
          UserEvent.ToolResult _,
          UserEvent.CustomToolResult _,
          UserEvent.Interrupt _ ->
          false;
    };
  }

  /** What a resting session does about the events that it got. */
  private List<Event> resting(
      LogView view, SessionState state, List<Event> events, boolean answered, boolean work) {
    SessionState after = view.after(events);
    if (after.pendingInterrupt().isPresent()) {
      return status.running(after);
    }
    List<String> awaited = after.awaited();
    if (awaited.isEmpty()) {
      if (!answered && !work) {
        return List.of();
      }
      // With nothing left to run, all that a brain could do is ask the model.
      return after.isBudgetReached() && after.openToolUses().isEmpty()
          ? status.idle(after, StopReason.BUDGET_REACHED)
          : status.running(after);
    }
    return answered && !awaited.equals(state.awaited())
        ? status.idle(after, StopReason.requiresAction(awaited))
        : List.of();
  }

  /**
   * An interrupt of a session that rests has nothing to stop. One that works may not have begun:
   * its brain is on its way, and is to find that it was stopped. One that has reached its budget
   * stands still already.
   */
  private static boolean isTurnUnderWay(SessionState state) {
    boolean rests =
        state.phase() == Phase.IDLE
            && (state.stopReason() == null
                || state.stopReason().endsTurn()
                || state.stopReason().budgetReached());
    return state.phase().isDue() || (!rests && state.isTurnOpen());
  }

  private static Optional<Decision> full(LogView view, UserEvent event) {
    return switch (event) {
      case UserEvent.Interrupt _ -> Optional.empty();
      case UserEvent.ToolConfirmation _, UserEvent.ToolResult _, UserEvent.CustomToolResult _ ->
          view.room() == Room.EXHAUSTED ? Optional.of(view.room().refuse(view)) : Optional.empty();
      case UserEvent.Message _, UserEvent.SystemMessage _, UserEvent.DefineOutcome _ ->
          view.room() == Room.FREE ? Optional.empty() : Optional.of(view.room().refuse(view));
    };
  }

  private static Optional<Decision> contradiction(
      LogView view, Answer answer, Event first, UserEvent event) {
    return Answer.saysTheSame(first, event)
        ? Optional.empty()
        : Optional.of(
            Decision.refuse(
                Code.INVALID,
                "tool use "
                    + answer.toolUseId()
                    + " was answered otherwise before, by "
                    + first.id()
                    + "; the first answer stands",
                view.state()));
  }

  private static Optional<Decision> unasked(
      LogView view, SessionState state, UserEvent event, Answer answer) {
    @Nullable ToolUse use = state.openToolUses().get(answer.toolUseId());
    return use != null && isAskedFor(use, event)
        ? Optional.empty()
        : Optional.of(
            Decision.refuse(
                Code.INVALID,
                "tool use "
                    + answer.toolUseId()
                    + " of "
                    + view.key().describe()
                    + " waits for no such answer"
                    + (use == null
                        ? ""
                        : ": it is a call of " + use.call().name() + ", " + answeredBy(use)),
                view.state()));
  }

  private static boolean isAskedFor(ToolUse use, UserEvent event) {
    return switch (use.call()) {
      case AgentEvent.CustomToolUse _ -> event instanceof UserEvent.CustomToolResult;
      // The result of a tool that runs in the sandbox is nobody's to invent.
      case AgentEvent.ToolUse _ when event instanceof UserEvent.ToolResult -> use.isForWorker();
      case AgentEvent.ToolUse _, AgentEvent.McpToolUse _ ->
          event instanceof UserEvent.ToolConfirmation && asks(use);
    };
  }

  private static boolean asks(ToolUse use) {
    return !use.isExecutable() && !use.isForWorker() && !use.isDenied();
  }

  private static String answeredBy(ToolUse use) {
    if (use.call() instanceof AgentEvent.CustomToolUse) {
      return "which is answered by user.custom_tool_result";
    }
    if (asks(use)) {
      return "which waits for user.tool_confirmation";
    }
    return use.isForWorker()
        ? "which is answered by user.tool_result of a worker"
        : "which is not answered by clients";
  }
}
