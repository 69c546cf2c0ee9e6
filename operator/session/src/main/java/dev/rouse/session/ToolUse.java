package dev.rouse.session;

import org.jspecify.annotations.Nullable;

/**
 * A call that has no result yet.
 *
 * @param call the call's event
 * @param instance the hands it was dispatched to, or null if it may still go to any
 * @param confirmation the person's answer, when the call asked for one
 */
public record ToolUse(
    AgentEvent.Call call,
    @Nullable String instance,
    UserEvent.@Nullable ToolConfirmation confirmation) {

  public String id() {
    return call.id();
  }

  /** Whether the hands may run it now. */
  public boolean isExecutable() {
    return switch (call) {
      case AgentEvent.ToolUse use ->
          !"deny".equals(use.evaluatedPermission())
              && (!"ask".equals(use.evaluatedPermission())
                  || (confirmation != null && "allow".equals(confirmation.result())));
      case AgentEvent.McpToolUse _, AgentEvent.CustomToolUse _ -> false;
    };
  }

  /** Whether it was refused, by policy or by a person, and only its result is missing. */
  public boolean isDenied() {
    return switch (call) {
      case AgentEvent.ToolUse use ->
          "deny".equals(use.evaluatedPermission())
              || (confirmation != null && "deny".equals(confirmation.result()));
      case AgentEvent.McpToolUse _, AgentEvent.CustomToolUse _ -> false;
    };
  }

  ToolUse dispatchedTo(String hands) {
    return new ToolUse(call, hands, confirmation);
  }

  ToolUse confirmed(UserEvent.ToolConfirmation answer) {
    return new ToolUse(call, instance, answer);
  }
}
