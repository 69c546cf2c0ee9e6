package dev.rouse.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call that has no result yet.
 *
 * @param call the call's event
 * @param instance the hands it was dispatched to, or null if it may still go to any
 * @param confirmation the person's answer, when the call asked for one
 * @param selfHosted whether a worker runs built-in tools, and no hands do
 */
public record ToolUse(
    AgentEvent.Call call,
    @Nullable String instance,
    UserEvent.@Nullable ToolConfirmation confirmation,
    boolean selfHosted) {

  public String id() {
    return call.id();
  }

  /** Whether the hands may run it now. */
  public boolean isExecutable() {
    return !selfHosted && isAllowed();
  }

  /** Whether a worker may run it now. */
  public boolean isForWorker() {
    return selfHosted && isAllowed();
  }

  private boolean isAllowed() {
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

  /**
   * An error result for a call that nobody will run to its end. Workers take a call for answered
   * only by an event of a client, and would run every other one again: so in a self-hosted
   * environment it is that of a client, whoever writes it.
   *
   * @param eventId the result's id
   */
  public Event failed(String eventId, String message) {
    List<ContentBlock> content = List.of(ContentBlock.text(message));
    return switch (call) {
      case AgentEvent.McpToolUse _ -> new AgentEvent.McpToolResult(eventId, id(), content, true);
      case AgentEvent.ToolUse _ when selfHosted ->
          new UserEvent.ToolResult(eventId, id(), content, true, null);
      case AgentEvent.CustomToolUse _ when selfHosted ->
          new UserEvent.CustomToolResult(eventId, id(), content, true, null);
      case AgentEvent.ToolUse _, AgentEvent.CustomToolUse _ ->
          new AgentEvent.ToolResult(eventId, id(), content, true);
    };
  }

  ToolUse dispatchedTo(String hands) {
    return new ToolUse(call, hands, confirmation, selfHosted);
  }

  ToolUse confirmed(UserEvent.ToolConfirmation answer) {
    return new ToolUse(call, instance, answer, selfHosted);
  }
}
