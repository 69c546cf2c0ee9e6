package dev.rouse.hands.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.OptionalLong;

/** The input of a call, read field by field; every complaint names the field. */
public record ToolInput(ObjectNode json) {

  /** A string that must be there. */
  public String string(String field) throws BadInputException {
    return optionalString(field)
        .orElseThrow(() -> new BadInputException(field + " is missing: give a string"));
  }

  public Optional<String> optionalString(String field) throws BadInputException {
    JsonNode value = json.path(field);
    if (isAbsent(value)) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw new BadInputException(field + " must be a string, not " + value.getNodeType());
    }
    return Optional.of(value.textValue());
  }

  /** False if it is left out. */
  public boolean flag(String field) throws BadInputException {
    JsonNode value = json.path(field);
    if (isAbsent(value)) {
      return false;
    }
    if (!value.isBoolean()) {
      throw new BadInputException(field + " must be true or false, not " + value.getNodeType());
    }
    return value.booleanValue();
  }

  /** A number above zero. */
  public OptionalLong optionalPositive(String field) throws BadInputException {
    JsonNode value = json.path(field);
    if (isAbsent(value)) {
      return OptionalLong.empty();
    }
    if (!value.isNumber() || value.decimalValue().signum() <= 0) {
      throw new BadInputException(field + " must be a number above 0, not " + value);
    }
    return OptionalLong.of(
        Math.max(1, value.canConvertToLong() ? value.longValue() : Long.MAX_VALUE));
  }

  private static boolean isAbsent(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }
}
