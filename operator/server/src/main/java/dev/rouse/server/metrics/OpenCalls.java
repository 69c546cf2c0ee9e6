package dev.rouse.server.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.server.metrics.Counts.ToolOutcome;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.UserEvent;
import dev.rouse.session.tools.AgentToolset;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls of one session that have no result yet, as far as metrics need to know of them. */
final class OpenCalls {

  /**
   * A call.
   *
   * @param asks whether a person has to answer, and nobody has
   * @param denied whether it was refused, by policy or by a person
   */
  private record OpenCall(Tool tool, Instant at, boolean asks, boolean denied) {}

  private final Map<String, OpenCall> open = new HashMap<>();

  void begun(AgentEvent.Call call, Instant at) {
    OpenCall begun =
        switch (call) {
          case AgentEvent.ToolUse use -> of(call, at, use.evaluatedPermission(), use.evaluation());
          case AgentEvent.McpToolUse use ->
              of(call, at, use.evaluatedPermission(), use.evaluation());
          case AgentEvent.CustomToolUse _ -> of(call, at, null, null);
        };
    open.put(call.id(), begun);
  }

  /** What is denied without an evaluation was at fault: no worker is to run it. */
  private static OpenCall of(
      AgentEvent.Call call,
      Instant at,
      @Nullable String permission,
      @Nullable JsonNode evaluation) {
    return new OpenCall(
        Tool.of(call),
        at,
        "ask".equals(permission),
        "deny".equals(permission) && evaluation != null);
  }

  void confirmed(UserEvent.ToolConfirmation answer, Instant at, Counts counts) {
    open.computeIfPresent(
        answer.toolUseId(),
        (_, call) -> {
          if (call.asks()) {
            counts.answered(Counts.Wait.APPROVAL, Duration.between(call.at(), at));
          }
          return new OpenCall(
              call.tool(), call.at(), false, call.denied() || "deny".equals(answer.result()));
        });
  }

  /** A client answers a custom call. */
  void waited(String id, Instant at, Counts counts) {
    OpenCall call = open.get(id);
    if (call != null) {
      counts.answered(Counts.Wait.CUSTOM_TOOL, Duration.between(call.at(), at));
    }
  }

  /** A call has its result; a second one of the same call is none. */
  void ended(
      String id,
      @Nullable List<ContentBlock> content,
      @Nullable Boolean isError,
      boolean interrupted,
      Counts counts) {
    OpenCall call = open.remove(id);
    if (call != null) {
      counts.toolEnded(
          call.tool(), outcome(call, content, Boolean.TRUE.equals(isError), interrupted));
    }
  }

  private static ToolOutcome outcome(
      OpenCall call, @Nullable List<ContentBlock> content, boolean isError, boolean interrupted) {
    if (!isError) {
      return ToolOutcome.OK;
    }
    if (interrupted) {
      return ToolOutcome.INTERRUPTED;
    }
    if (call.denied()) {
      return ToolOutcome.DENIED;
    }
    return isUnknown(content) ? ToolOutcome.UNKNOWN : ToolOutcome.ERROR;
  }

  private static boolean isUnknown(@Nullable List<ContentBlock> content) {
    return content != null
        && !content.isEmpty()
        && content.getFirst() instanceof ContentBlock.Text(String text, var _)
        && text.startsWith(AgentToolset.OUTCOME_UNKNOWN);
  }
}
