package dev.rouse.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rouse.api.ModelProviderSpec.Price;
import org.junit.jupiter.api.Test;

class PriceTest {

  @Test
  void everyKindOfTokenHasItsOwnPrice() {
    // Given
    Price price = new Price("3", "15", "3.75", "0.30");
    // When
    double dollars = price.dollars(1_000_000, 200_000, 100_000, 2_000_000);
    // Then
    assertThat(dollars).isCloseTo(3 + 3 + 0.375 + 0.6, within(1e-9));
  }

  @Test
  void tokensOfACacheCostWhatOthersDoUnlessSaidOtherwise() {
    // Given
    Price price = new Price("2", "10", null, null);
    // When
    double dollars = price.dollars(0, 0, 500_000, 250_000);
    // Then
    assertThat(dollars).isCloseTo(1.5, within(1e-9));
  }
}
