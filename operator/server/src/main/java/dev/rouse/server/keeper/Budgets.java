package dev.rouse.server.keeper;

import dev.rouse.api.ModelProviderSpec.Price;
import dev.rouse.api.SessionSpec;
import dev.rouse.session.Budget;
import dev.rouse.session.ListPrice;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Prices and budgets of custom resources as logs have them. */
final class Budgets {

  private Budgets() {}

  /** What a session may cost; null for no limit. */
  static @Nullable Budget of(SessionSpec spec) {
    return of(spec.budget());
  }

  static @Nullable Budget of(SessionSpec.@Nullable Budget budget) {
    return budget == null ? null : Budget.ofCents(budget.maxListCost().amount());
  }

  /** A price that is to be pinned; null for none, and for one that is no number. */
  static @Nullable ListPrice pinned(@Nullable Price price) {
    if (price == null) {
      return null;
    }
    try {
      return new ListPrice(
          Price.picodollarsPerToken(price.input()),
          Price.picodollarsPerToken(price.output()),
          Price.picodollarsPerToken(Objects.requireNonNullElse(price.cacheWrite(), price.input())),
          Price.picodollarsPerToken(Objects.requireNonNullElse(price.cacheRead(), price.input())));
    } catch (ArithmeticException | NumberFormatException e) {
      // The schema refuses such a price; that of another version may not.
      return null;
    }
  }
}
