package dev.rouse.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;

/**
 * The list cost at which a session makes no further model request (wire contract §1.5).
 *
 * @param cents whole US cents, at least one
 */
public record Budget(BigInteger cents) {

  static final String CURRENCY = "USD";
  private static final String TYPE = "limit";
  private static final String AMOUNT = "[1-9][0-9]{0,11}";

  /** A budget of so many cents, as the wire spells them. */
  public static Budget ofCents(String amount) {
    if (!amount.matches(AMOUNT)) {
      throw new IllegalArgumentException("a budget must be whole cents from 1, is " + amount);
    }
    return new Budget(new BigInteger(amount));
  }

  /**
   * The budget that the wire's object is.
   *
   * @throws IllegalArgumentException when it is of a kind that this version does not know
   */
  static Budget of(JsonNode json) {
    JsonNode limit = json.path("max_list_cost");
    if (!TYPE.equals(json.path("type").asText())
        || !CURRENCY.equals(limit.path("currency").asText())) {
      throw new IllegalArgumentException("a budget of an unknown kind");
    }
    return ofCents(limit.path("amount").asText());
  }

  /** On the wire. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("type", TYPE);
    json.putObject("max_list_cost").put("amount", cents.toString()).put("currency", CURRENCY);
    return json;
  }

  /** Whether nothing of it is left when this much is spent. */
  public boolean isReachedBy(ListCost spent) {
    return spent.compareTo(ListCost.ofCents(cents)) >= 0;
  }
}
