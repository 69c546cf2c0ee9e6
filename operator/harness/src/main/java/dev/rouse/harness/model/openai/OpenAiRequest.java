package dev.rouse.harness.model.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.harness.model.ModelRequest;
import dev.rouse.session.tools.ToolDefinition;

/**
 * The body of a chat completion request: only fields that the servers of this protocol have in
 * common.
 */
final class OpenAiRequest {

  static final String LIMIT = "max_tokens";
  static final String NEWER_LIMIT = "max_completion_tokens";

  private OpenAiRequest() {}

  /**
   * @param limitName the field that limits the tokens of the answer
   */
  static ObjectNode body(ModelRequest request, String limitName) {
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("model", request.model())
            .put(limitName, request.maxTokens())
            .put("stream", true);
    body.putObject("stream_options").put("include_usage", true);
    if (request.effort() != null) {
      body.put("reasoning_effort", effort(request.effort()));
    }
    ArrayNode messages = body.putArray("messages");
    String system = request.system();
    if (system != null && !system.isBlank()) {
      messages.addObject().put("role", "system").put("content", system);
    }
    messages.addAll(OpenAiHistory.messages(request));
    // An empty list is refused where none is taken.
    if (!request.tools().isEmpty()) {
      ArrayNode tools = body.putArray("tools");
      request.tools().forEach(tool -> tools.add(tool(tool)));
    }
    return body;
  }

  private static ObjectNode tool(ToolDefinition tool) {
    ObjectNode function = JsonNodeFactory.instance.objectNode().put("type", "function");
    function
        .putObject("function")
        .put("name", tool.name())
        .put("description", tool.description())
        .set("parameters", tool.inputSchema());
    return function;
  }

  /** The highest that all servers know is {@code high}. */
  private static String effort(String effort) {
    return switch (effort) {
      case "xhigh", "max" -> "high";
      default -> effort;
    };
  }
}
