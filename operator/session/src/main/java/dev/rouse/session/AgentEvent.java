package dev.rouse.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the agent said, called and got back (wire contract §2.3). */
public sealed interface AgentEvent extends Event {

  /** A call that waits for its result. Its event id is the tool-use id on every protocol. */
  sealed interface Call extends AgentEvent {
    String name();

    ObjectNode input();
  }

  /** Text of one finished model request. */
  @EventType("agent.message")
  record Message(String id, List<ContentBlock> content) implements AgentEvent {
    public Message {
      content = List.copyOf(content);
    }
  }

  /** A mark that the model is thinking; carries no text. */
  @EventType("agent.thinking")
  record Thinking(String id) implements AgentEvent {}

  /**
   * A call of a built-in tool, run by the hands.
   *
   * @param evaluatedPermission {@code allow}, {@code ask} or {@code deny}; absent means allow
   * @param evaluation how the permission came about; as the wire has it
   */
  @EventType("agent.tool_use")
  record ToolUse(
      String id,
      String name,
      ObjectNode input,
      @Nullable String evaluatedPermission,
      @Nullable JsonNode evaluation,
      @Nullable String sessionThreadId)
      implements Call {}

  /** The result of a built-in tool. */
  @EventType("agent.tool_result")
  record ToolResult(
      String id, String toolUseId, @Nullable List<ContentBlock> content, @Nullable Boolean isError)
      implements AgentEvent {}

  /** A call of a tool on an MCP server. */
  @EventType("agent.mcp_tool_use")
  record McpToolUse(
      String id,
      String mcpServerName,
      String name,
      ObjectNode input,
      @Nullable String evaluatedPermission,
      @Nullable JsonNode evaluation,
      @Nullable String sessionThreadId)
      implements Call {}

  /** The result of a tool on an MCP server. */
  @EventType("agent.mcp_tool_result")
  record McpToolResult(
      String id,
      String mcpToolUseId,
      @Nullable List<ContentBlock> content,
      @Nullable Boolean isError)
      implements AgentEvent {}

  /** A call that the client must answer with {@link UserEvent.CustomToolResult}. */
  @EventType("agent.custom_tool_use")
  record CustomToolUse(String id, String name, ObjectNode input, @Nullable String sessionThreadId)
      implements Call {}

  /** The conversation shown to the model was shortened; the log was not. */
  @EventType("agent.thread_context_compacted")
  record ThreadContextCompacted(String id) implements AgentEvent {}

  /** A message to another thread of the session. */
  @EventType("agent.thread_message_sent")
  record ThreadMessageSent(
      String id, String toSessionThreadId, @Nullable String toAgentName, List<ContentBlock> content)
      implements AgentEvent {}

  /** A message from another thread of the session. */
  @EventType("agent.thread_message_received")
  record ThreadMessageReceived(
      String id,
      String fromSessionThreadId,
      @Nullable String fromAgentName,
      List<ContentBlock> content)
      implements AgentEvent {}
}
