package dev.rouse.log;

import dev.rouse.session.Budget;
import dev.rouse.session.ListCost;
import dev.rouse.session.SessionState;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a session cannot have a budget (contract §1.5). */
public enum BudgetFault {
  /** The session was made without one, or it was removed. */
  BUDGET_CREATE_ONLY("budget_create_only"),
  /** What was spent is as much already, or more. */
  BUDGET_NOT_RAISED("budget_not_raised"),
  /** Nobody says what its model costs. */
  MODEL_NOT_BUDGETABLE("model_not_budgetable");

  private final String wireName;

  BudgetFault(String wireName) {
    this.wireName = wireName;
  }

  /** The wire's {@code details.error_code}. */
  public String wireName() {
    return wireName;
  }

  /**
   * What stands against the budget {@code next}; that it is there already does not.
   *
   * @param next null to have none
   */
  public static Optional<BudgetFault> of(SessionState state, @Nullable Budget next) {
    if (next == null || next.equals(state.budget())) {
      return Optional.empty();
    }
    Optional<ListCost> spent = state.listCost();
    if (spent.isEmpty()) {
      return Optional.of(MODEL_NOT_BUDGETABLE);
    }
    return next.isReachedBy(spent.get()) ? Optional.of(BUDGET_NOT_RAISED) : Optional.empty();
  }

  /** For people: the field and the way out. */
  public String message(SessionState state) {
    return switch (this) {
      case BUDGET_CREATE_ONLY ->
          "budget: this session has none, and one can only be given when a session is made: make a"
              + " new session";
      case BUDGET_NOT_RAISED ->
          "budget.max_list_cost: must be more than the session has cost, USD %s: raise it further, or remove the budget"
              .formatted(state.listCost().map(ListCost::dollars).orElse("?"));
      case MODEL_NOT_BUDGETABLE ->
          "budget: this session's model has no price, so nothing can be counted: make a new session"
              + " with a model that has spec.models[].price in its ModelProvider";
    };
  }
}
