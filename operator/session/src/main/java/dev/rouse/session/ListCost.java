package dev.rouse.session;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * Money that models cost by their list prices, exactly.
 *
 * @param picodollars 10⁻¹² US dollars
 */
public record ListCost(BigInteger picodollars) implements Comparable<ListCost> {

  private static final int DOLLAR = 12;
  private static final int CENT = 10;
  private static final int SHOWN_DECIMALS = 4;

  /** So many whole cents. */
  static ListCost ofCents(BigInteger cents) {
    return new ListCost(cents.multiply(BigInteger.TEN.pow(CENT)));
  }

  /** On the wire: whole cents, rounded half up, as a string (wire contract §5.9). */
  public ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("amount", decimal(CENT).setScale(0, RoundingMode.HALF_UP).toPlainString())
        .put("currency", Budget.CURRENCY);
  }

  /** US dollars with four decimals, rounded half up. */
  public String dollars() {
    return decimal(DOLLAR).setScale(SHOWN_DECIMALS, RoundingMode.HALF_UP).toPlainString();
  }

  private BigDecimal decimal(int places) {
    return new BigDecimal(picodollars, places);
  }

  @Override
  public int compareTo(ListCost other) {
    return picodollars.compareTo(other.picodollars);
  }
}
