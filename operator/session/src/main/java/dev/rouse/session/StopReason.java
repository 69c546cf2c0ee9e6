package dev.rouse.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a session is idle (wire contract §2.5).
 *
 * @param type {@code end_turn}, {@code requires_action}, {@code retries_exhausted}, {@code
 *     budget_reached}, {@code refusal}, or one that is newer than this code
 * @param eventIds the calls that wait for a person or client; only with {@code requires_action}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StopReason(String type, @Nullable List<String> eventIds) {

  public static final StopReason END_TURN = new StopReason("end_turn", null);
  public static final StopReason RETRIES_EXHAUSTED = new StopReason("retries_exhausted", null);
  public static final StopReason BUDGET_REACHED = new StopReason("budget_reached", null);
  public static final StopReason REFUSAL = new StopReason("refusal", null);

  /** The session waits for answers to these calls. */
  public static StopReason requiresAction(List<String> eventIds) {
    return new StopReason("requires_action", List.copyOf(eventIds));
  }

  /**
   * Whether the turn is over: nothing before this idle is owed an answer. A turn that waits for an
   * answer or for a budget goes on later.
   */
  public boolean endsTurn() {
    return !requiresAction() && !budgetReached();
  }

  /** Whether the turn goes on once the budget is raised or removed. */
  public boolean budgetReached() {
    return "budget_reached".equals(type);
  }

  public boolean requiresAction() {
    return "requires_action".equals(type);
  }
}
