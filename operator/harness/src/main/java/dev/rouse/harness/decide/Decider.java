package dev.rouse.harness.decide;

import dev.rouse.session.AgentEvent;
import dev.rouse.session.Event;
import dev.rouse.session.SessionState;
import dev.rouse.session.StopReason;
import dev.rouse.session.ToolUse;
import dev.rouse.session.UserEvent;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * {@code step = decide(state)}. The rules, first match wins:
 *
 * <ol>
 *   <li>an ended, moved or unreadable session: wait
 *   <li>an interrupt waits: finish with it, before anything else starts
 *   <li>nothing is due: wait
 *   <li>calls that can run or are refused: execute
 *   <li>calls that only a person or client can answer: finish, requires action
 *   <li>the model is to be asked, and the budget is reached: finish, budget reached; what is queued
 *       stays so
 *   <li>the turn under way waits for the model: call it
 *   <li>messages are queued: take them all up as one turn, and call the model
 *   <li>in both cases, if its context would be nearly full: compact first
 *   <li>else the turn is over: finish
 * </ol>
 */
public final class Decider {

  private Decider() {}

  public static Step decide(View view) {
    SessionState session = view.session();
    if (session.phase().isTerminal() || session.moved() || session.unreadable() != null) {
      return new Step.Wait();
    }
    Optional<UserEvent.Interrupt> interrupt = session.pendingInterrupt();
    if (interrupt.isPresent()) {
      return new Step.Finish(
          StopReason.END_TURN, interrupt.get(), interrupted(session, interrupt.get()));
    }
    if (!session.phase().isDue()) {
      return new Step.Wait();
    }
    List<ToolUse> open = List.copyOf(session.openToolUses().values());
    List<ToolUse> run = open.stream().filter(ToolUse::isExecutable).toList();
    List<ToolUse> refused = open.stream().filter(Decider::isRefused).toList();
    if (!run.isEmpty() || !refused.isEmpty()) {
      return new Step.Execute(run, refused);
    }
    if (!open.isEmpty()) {
      return new Step.Finish(StopReason.requiresAction(session.awaited()), null, List.of());
    }
    boolean goesOn = session.isAnswerDue() && !view.rested();
    List<Event> queued = List.copyOf(session.queued().values());
    if (!goesOn && queued.stream().noneMatch(Decider::startsTurn)) {
      return new Step.Finish(StopReason.END_TURN, null, queued);
    }
    if (session.isBudgetReached(session.openSpanCharge())) {
      return new Step.Finish(StopReason.BUDGET_REACHED, null, List.of());
    }
    List<Event> takeUp = goesOn ? List.of() : queued;
    OptionalLong full = ContextSize.full(session, takeUp);
    return full.isPresent()
        ? new Step.Compact(full.getAsLong(), takeUp)
        : new Step.CallModel(takeUp);
  }

  /**
   * What goes with the first interrupt: any others, and of a turn that nobody has taken up yet the
   * messages before it, which are cut off before they began. Where a turn is open it is that which
   * ends, and the messages start the next one.
   */
  private static List<Event> interrupted(SessionState session, UserEvent.Interrupt first) {
    List<Event> all = List.copyOf(session.queued().values());
    int at = all.indexOf(first);
    return IntStream.range(0, all.size())
        .filter(i -> i != at)
        .filter(i -> all.get(i) instanceof UserEvent.Interrupt || (i < at && !session.isTurnOpen()))
        .mapToObj(all::get)
        .toList();
  }

  private static boolean isRefused(ToolUse use) {
    // Nobody can answer an MCP call of an imported log here, so waiting for it would be for ever.
    return use.isDenied() || use.call() instanceof AgentEvent.McpToolUse;
  }

  private static boolean startsTurn(Event event) {
    return event instanceof UserEvent.Message || event instanceof UserEvent.SystemMessage;
  }
}
