package dev.rouse.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** The events that the command line sends. */
final class ClientEvents {

  private ClientEvents() {}

  static ObjectNode message(String text) {
    ObjectNode event = event("user.message");
    event.putArray("content").addObject().put("type", "text").put("text", text);
    return event;
  }

  static ObjectNode interrupt() {
    return event("user.interrupt");
  }

  static ObjectNode approval(String callId) {
    return event("user.tool_confirmation").put("tool_use_id", callId).put("result", "allow");
  }

  static ObjectNode denial(String callId, @Nullable String message) {
    ObjectNode event =
        event("user.tool_confirmation").put("tool_use_id", callId).put("result", "deny");
    return message == null ? event : event.put("deny_message", message);
  }

  static ObjectNode result(String callId, String text, boolean isError) {
    ObjectNode event = event("user.custom_tool_result").put("custom_tool_use_id", callId);
    event.putArray("content").addObject().put("type", "text").put("text", text);
    return event.put("is_error", isError);
  }

  private static ObjectNode event(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }
}
