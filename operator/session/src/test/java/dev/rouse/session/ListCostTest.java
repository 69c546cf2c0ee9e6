package dev.rouse.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Money without doubles (contract §5.9). */
class ListCostTest {

  private static ListCost picodollars(String amount) {
    return new ListCost(new BigInteger(amount));
  }

  @ParameterizedTest
  @CsvSource({
    "0,0,0.0000",
    "4999999999,0,0.0050",
    "5000000000,1,0.0050",
    "118700000000,12,0.1187",
    "119999999999,12,0.1200",
    "1000000000000000000000000,100000000000000,1000000000000.0000"
  })
  void theWireHasWholeCentsAndPeopleMore(String picodollars, String cents, String dollars) {
    // When
    ListCost cost = picodollars(picodollars);
    // Then
    assertThat(cost.json()).hasToString("{\"amount\":\"" + cents + "\",\"currency\":\"USD\"}");
    assertThat(cost.dollars()).isEqualTo(dollars);
  }

  @Test
  void noCountOfAProviderMakesASumNegative() {
    // Given
    ListPrice price = new ListPrice(Long.MAX_VALUE, Long.MAX_VALUE, 0, 0);
    ModelUsage usage = new ModelUsage(Long.MAX_VALUE, Long.MAX_VALUE, 0, 0, Map.of());
    // When
    ListCost cost = price.of(usage);
    // Then
    assertThat(cost.picodollars().signum()).isPositive();
  }

  @Test
  void aBudgetIsReachedAtItsAmountAndNotBefore() {
    // Given
    Budget budget = Budget.ofCents("10");
    // When, Then
    assertThat(budget.isReachedBy(picodollars("99999999999"))).isFalse();
    assertThat(budget.isReachedBy(picodollars("100000000000"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "1.5", "01", "1000000000000", "ten"})
  void aBudgetIsWholeCentsFromOne(String amount) {
    // When, Then
    assertThatThrownBy(() -> Budget.ofCents(amount)).isInstanceOf(IllegalArgumentException.class);
  }
}
