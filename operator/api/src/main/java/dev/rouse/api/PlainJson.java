package dev.rouse.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;

/**
 * Free JSON inside an object, with one spelling for each number: the API server does not keep
 * whether somebody wrote 1 or 1.0, so neither may a comparison.
 */
final class PlainJson {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE);

  private PlainJson() {}

  /** A copy that shares nothing with {@code json}. */
  static JsonNode copy(JsonNode json) {
    return switch (json) {
      case ObjectNode object -> {
        ObjectNode copy = JSON.objectNode();
        object.properties().forEach(it -> copy.set(it.getKey(), copy(it.getValue())));
        yield copy;
      }
      case ArrayNode array -> {
        ArrayNode copy = JSON.arrayNode();
        array.forEach(it -> copy.add(copy(it)));
        yield copy;
      }
      default -> json.isNumber() ? number(json) : json;
    };
  }

  private static JsonNode number(JsonNode json) {
    if (json.isFloatingPointNumber() && !Double.isFinite(json.doubleValue())) {
      return json;
    }
    BigDecimal value = json.decimalValue().stripTrailingZeros();
    if (value.scale() > 0 || value.abs().compareTo(LONGEST) > 0) {
      return JSON.numberNode(value.doubleValue());
    }
    long number = value.longValueExact();
    return number == (int) number ? JSON.numberNode((int) number) : JSON.numberNode(number);
  }
}
