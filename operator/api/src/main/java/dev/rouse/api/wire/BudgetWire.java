package dev.rouse.api.wire;

import dev.rouse.api.SessionSpec;
import org.jspecify.annotations.Nullable;

/** The field {@code budget} of a session (contract §1.5). */
public final class BudgetWire {

  private static final int DIGITS = 64;

  private BudgetWire() {}

  /** The budget that a body names; null if it is absent or null. */
  public static SessionSpec.@Nullable Budget read(Body body) throws InvalidBody {
    Body budget = body.object("budget").orElse(null);
    if (budget == null) {
      return null;
    }
    budget.word("type", "limit");
    Body cost = budget.requiredObject("max_list_cost");
    String amount = cost.requiredText("amount", 0, DIGITS);
    if (!amount.matches(SessionSpec.CENTS)) {
      throw cost.wrong(
          "amount",
          "must be whole cents as a string, from \"1\" to \"999999999999\", is \"%s\""
              .formatted(amount));
    }
    cost.word("currency", "USD");
    cost.refuseUnknown();
    budget.refuseUnknown();
    return SessionSpec.Budget.ofCents(amount);
  }
}
