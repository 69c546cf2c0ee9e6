package dev.rouse.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client may send (wire contract §2.2).
 *
 * <p>Each has two moments. It is <em>received</em> when an {@link InternalEvent.Received} holds it,
 * and <em>processed</em> when it stands in the log itself, under the same id.
 */
public sealed interface UserEvent extends Event {

  /** Text, images or documents from the user: starts a turn, or is queued while one runs. */
  @EventType("user.message")
  record Message(String id, List<ContentBlock> content) implements UserEvent {
    public Message {
      content = List.copyOf(content);
    }
  }

  /** Stops the turn under way; without a thread id, of the whole session. */
  @EventType("user.interrupt")
  record Interrupt(String id, @Nullable String sessionThreadId) implements UserEvent {}

  /**
   * A person's answer to a call that asks for permission.
   *
   * @param result {@code allow} or {@code deny}
   * @param denyMessage told to the model; only with deny
   * @param decidedBy who answered, as the cluster knows them; written by the server, never by the
   *     client. Two people who say the same have given the same answer
   */
  @EventType("user.tool_confirmation")
  record ToolConfirmation(
      String id,
      String toolUseId,
      String result,
      @Nullable String denyMessage,
      @Nullable String sessionThreadId,
      @Nullable String decidedBy)
      implements UserEvent {

    /** An answer of which nobody knows yet who gave it. */
    public ToolConfirmation(
        String id,
        String toolUseId,
        String result,
        @Nullable String denyMessage,
        @Nullable String sessionThreadId) {
      this(id, toolUseId, result, denyMessage, sessionThreadId, null);
    }

    /** The same answer, given by {@code principal}. */
    public ToolConfirmation decidedBy(@Nullable String principal) {
      return new ToolConfirmation(id, toolUseId, result, denyMessage, sessionThreadId, principal);
    }
  }

  /** A client's answer to an {@link AgentEvent.CustomToolUse}. */
  @EventType("user.custom_tool_result")
  record CustomToolResult(
      String id,
      String customToolUseId,
      @Nullable List<ContentBlock> content,
      @Nullable Boolean isError,
      @Nullable String sessionThreadId)
      implements UserEvent {}

  /** A worker's answer to an {@link AgentEvent.ToolUse} in a self-hosted environment. */
  @EventType("user.tool_result")
  record ToolResult(
      String id,
      String toolUseId,
      @Nullable List<ContentBlock> content,
      @Nullable Boolean isError,
      @Nullable String sessionThreadId)
      implements UserEvent {}

  /** An outcome to work towards, with the rubric that judges it. */
  @EventType("user.define_outcome")
  record DefineOutcome(
      String id,
      String description,
      JsonNode rubric,
      @Nullable Integer maxIterations,
      @Nullable String outcomeId)
      implements UserEvent {}

  /** A system-role message in the middle of the conversation. */
  @EventType("system.message")
  record SystemMessage(String id, List<ContentBlock> content) implements UserEvent {
    public SystemMessage {
      content = List.copyOf(content);
    }
  }
}
