package dev.rouse.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rouse.api.ModelProviderSpec.Price;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceTest {

  @ParameterizedTest
  @CsvSource({"3,3000000", "0.30,300000", "0.000001,1", "999999.999999,999999999999", "0,0"})
  void dollarsForAMillionTokensAreWholePicodollarsForOne(String dollars, long picodollars) {
    // When
    long price = Price.picodollarsPerToken(dollars);
    // Then
    assertThat(price).isEqualTo(picodollars);
  }

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
