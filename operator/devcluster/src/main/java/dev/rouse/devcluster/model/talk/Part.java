package dev.rouse.devcluster.model.talk;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;

/** A piece of a message. */
public sealed interface Part {

  /** Words. */
  record Text(String text) implements Part {}

  /**
   * The model asks for a tool.
   *
   * @param id what the result will name
   * @param input the tool's input, a JSON object
   */
  record ToolUse(String id, String name, JsonNode input) implements Part {}

  /** The answer to a tool use: text and attachments, and whether the tool says it failed. */
  record ToolResult(String toolUseId, List<Part> content, boolean error) implements Part {
    public ToolResult {
      content = List.copyOf(content);
    }

    /** The text parts, a line break between them. */
    public String text() {
      return textOf(content);
    }
  }

  /** Content that scripts do not look into (an image, a document): kept whole for comparison. */
  record Attachment(JsonNode block) implements Part {}

  /** The text of those parts that are text, a line break between them. */
  static String textOf(List<Part> parts) {
    return parts.stream()
        .filter(Text.class::isInstance)
        .map(part -> ((Text) part).text())
        .collect(Collectors.joining("\n"));
  }
}
