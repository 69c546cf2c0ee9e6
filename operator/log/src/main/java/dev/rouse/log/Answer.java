package dev.rouse.log;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.Event;
import dev.rouse.session.EventCodec;
import dev.rouse.session.UserEvent;
import java.util.Optional;

/**
 * Which tool use an event answers. A tool use has at most one result and one confirmation; a second
 * one is the first one again, or refused.
 *
 * @param kind what the answer is
 * @param toolUseId the event id of the call
 */
record Answer(Kind kind, String toolUseId) {

  enum Kind {
    RESULT,
    CONFIRMATION
  }

  /** The tool use that {@code event} answers, if it answers one. */
  static Optional<Answer> of(Event event) {
    return switch (event) {
      case AgentEvent.ToolResult result -> result(result.toolUseId());
      case AgentEvent.McpToolResult result -> result(result.mcpToolUseId());
      case UserEvent.ToolResult result -> result(result.toolUseId());
      case UserEvent.CustomToolResult result -> result(result.customToolUseId());
      case UserEvent.ToolConfirmation confirmation ->
          Optional.of(new Answer(Kind.CONFIRMATION, confirmation.toolUseId()));
      case Event _ -> Optional.empty();
    };
  }

  private static Optional<Answer> result(String toolUseId) {
    return Optional.of(new Answer(Kind.RESULT, toolUseId));
  }

  /** Whether two events say the same; their ids are minted anew by every sender. */
  static boolean saysTheSame(Event one, Event other) {
    return withoutId(one).equals(withoutId(other));
  }

  private static ObjectNode withoutId(Event event) {
    ObjectNode json = EventCodec.toJson(event);
    json.remove("id");
    // Who says it does not change what is said.
    json.remove("decided_by");
    return json;
  }
}
