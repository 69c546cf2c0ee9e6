package dev.rouse.server.metrics;

import dev.rouse.session.AgentEvent;

/** Which tool was called, as far as a label may tell: names of custom and MCP tools are users'. */
enum Tool {
  BASH,
  READ,
  WRITE,
  EDIT,
  GLOB,
  GREP,
  CUSTOM,
  MCP,
  OTHER;

  static Tool of(AgentEvent.Call call) {
    return switch (call) {
      case AgentEvent.CustomToolUse _ -> CUSTOM;
      case AgentEvent.McpToolUse _ -> MCP;
      case AgentEvent.ToolUse use ->
          switch (use.name()) {
            case "bash" -> BASH;
            case "read" -> READ;
            case "write" -> WRITE;
            case "edit" -> EDIT;
            case "glob" -> GLOB;
            case "grep" -> GREP;
            default -> OTHER;
          };
    };
  }
}
