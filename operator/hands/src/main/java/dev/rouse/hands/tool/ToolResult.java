package dev.rouse.hands.tool;

import dev.rouse.session.ContentBlock;
import java.util.List;

/** What the model is shown, and whether the tool failed. */
public record ToolResult(List<ContentBlock> content, boolean isError) {

  public ToolResult {
    content = List.copyOf(content);
  }

  /** It worked. */
  public static ToolResult of(String text) {
    return new ToolResult(List.of(ContentBlock.text(text)), false);
  }

  /** It failed; {@code text} says why and what to do. */
  public static ToolResult error(String text) {
    return new ToolResult(List.of(ContentBlock.text(text)), true);
  }
}
