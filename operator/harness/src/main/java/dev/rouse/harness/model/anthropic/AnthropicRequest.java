package dev.rouse.harness.model.anthropic;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.harness.model.ModelRequest;
import dev.rouse.session.tools.ToolDefinition;

/**
 * The body of a Messages request.
 *
 * <p>Cache marks stand behind what does not change from request to request, the tools and the
 * system prompt, and at the last message: its prefix is what the next request of the session begins
 * with.
 */
final class AnthropicRequest {

  private AnthropicRequest() {}

  static ObjectNode body(ModelRequest request) {
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("model", request.model())
            .put("max_tokens", request.maxTokens())
            .put("stream", true);
    if (request.effort() != null) {
      body.putObject("output_config").put("effort", request.effort());
    }
    String system = request.system();
    if (system != null && !system.isBlank()) {
      cached(body.putArray("system").addObject().put("type", "text").put("text", system));
    }
    if (!request.tools().isEmpty()) {
      ArrayNode tools = body.putArray("tools");
      for (ToolDefinition tool : request.tools()) {
        tools
            .addObject()
            .put("name", tool.name())
            .put("description", tool.description())
            .set("input_schema", tool.inputSchema());
      }
      cached((ObjectNode) tools.get(tools.size() - 1));
    }
    ArrayNode messages = AnthropicHistory.messages(request);
    body.set("messages", messages);
    if (messages.path(messages.size() - 1).path("content") instanceof ArrayNode last
        && last.get(last.size() - 1) instanceof ObjectNode block) {
      cached(block);
    }
    return body;
  }

  private static void cached(ObjectNode block) {
    block.putObject("cache_control").put("type", "ephemeral");
  }
}
