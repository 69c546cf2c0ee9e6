package dev.rouse.hands.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.EventCodec;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls of tools, as tests make them. */
public final class Calls {

  private final AtomicInteger ids = new AtomicInteger();

  /**
   * @param pairs field, value, field, value, …; strings, booleans, numbers, arrays of numbers
   */
  public ToolCall of(Object... pairs) {
    return of(Duration.ofSeconds(30), pairs);
  }

  public ToolCall of(Duration timeout, Object... pairs) {
    ObjectNode input = EventCodec.JSON.createObjectNode();
    for (int i = 0; i < pairs.length; i += 2) {
      input.set((String) pairs[i], EventCodec.JSON.valueToTree(pairs[i + 1]));
    }
    return new ToolCall(
        "toolu_" + ids.incrementAndGet(), new ToolInput(input), timeout, new Cancellation());
  }

  public static String textOf(ToolResult result) {
    return ContentBlock.textOf(result.content());
  }
}
