package dev.rouse.harness.model.anthropic;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.harness.model.ModelRequest;
import dev.rouse.harness.model.Turn;
import dev.rouse.harness.model.Turn.Part;
import dev.rouse.harness.model.Turns;
import dev.rouse.session.ContentBlock;
import java.util.Locale;

/** A transcript in the words of the Messages API. */
final class AnthropicHistory {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private AnthropicHistory() {}

  /** The {@code messages} of a request, without cache marks. */
  static ArrayNode messages(ModelRequest request) {
    ArrayNode messages = JSON.arrayNode();
    for (Turn turn : Turns.of(request)) {
      ArrayNode content =
          messages
              .addObject()
              .put("role", turn.role().name().toLowerCase(Locale.ROOT))
              .putArray("content");
      turn.parts().forEach(part -> content.add(block(part)));
    }
    return messages;
  }

  private static ObjectNode block(Part part) {
    ObjectNode block = JSON.objectNode();
    return switch (part) {
      case Part.Said(ContentBlock said) -> block(said);
      case Part.Called called ->
          block
              .put("type", "tool_use")
              .put("id", called.call().id())
              .put("name", called.name())
              .set("input", called.call().input());
      case Part.Result(var callId, var content, var isError) -> {
        block.put("type", "tool_result").put("tool_use_id", callId);
        if (!content.isEmpty()) {
          ArrayNode inner = block.putArray("content");
          content.forEach(said -> inner.add(block(said)));
        }
        yield isError ? block.put("is_error", true) : block;
      }
    };
  }

  private static ObjectNode block(ContentBlock said) {
    ObjectNode block = JSON.objectNode().put("type", said.type());
    return switch (said) {
      case ContentBlock.Text text -> block.put("text", text.text());
      case ContentBlock.Other other -> {
        other.fields().forEach(block::set);
        yield block;
      }
    };
  }
}
