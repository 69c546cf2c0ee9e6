package dev.rouse.hands.file;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.hands.tool.BadInputException;
import dev.rouse.hands.tool.ToolInput;
import java.util.Optional;

/**
 * Lines of a file, counted from 1, both ends included.
 *
 * @param last {@link Long#MAX_VALUE} for the end of the file
 */
record ViewRange(long first, long last) {

  static final ViewRange ALL = new ViewRange(1, Long.MAX_VALUE);

  /** What the field {@code view_range} says; empty if it is left out. */
  static Optional<ViewRange> of(ToolInput input) throws BadInputException {
    JsonNode value = input.json().path("view_range");
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isArray()
        || value.size() != 2
        || !value.get(0).canConvertToLong()
        || !value.get(1).canConvertToLong()) {
      throw new BadInputException(
          "view_range must be two whole numbers, first and last line, not " + value);
    }
    long first = value.get(0).longValue();
    long last = value.get(1).longValue() <= 0 ? Long.MAX_VALUE : value.get(1).longValue();
    if (first < 1) {
      throw new BadInputException("view_range begins at " + first + ": lines are counted from 1");
    }
    if (last < first) {
      throw new BadInputException("view_range ends at " + last + ", before it begins at " + first);
    }
    return Optional.of(new ViewRange(first, last));
  }
}
