package dev.rouse.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import org.jspecify.annotations.Nullable;

/** What became of one thread; every session reports these for its primary thread too. */
public sealed interface ThreadEvent extends Event {

  String sessionThreadId();

  /** A child, advisor or workflow thread was opened. */
  @EventType("session.thread_created")
  record Created(
      String id,
      String sessionThreadId,
      String agentName,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String workflowRunId)
      implements ThreadEvent {}

  @EventType("session.thread_status_running")
  record StatusRunning(String id, String sessionThreadId, String agentName)
      implements ThreadEvent {}

  @EventType("session.thread_status_idle")
  record StatusIdle(
      String id,
      String sessionThreadId,
      String agentName,
      StopReason stopReason,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable JsonNode stopDetails)
      implements ThreadEvent {
    public StatusIdle {
      stopDetails = stopDetails instanceof NullNode ? null : stopDetails;
    }
  }

  @EventType("session.thread_status_rescheduled")
  record StatusRescheduled(String id, String sessionThreadId, String agentName)
      implements ThreadEvent {}

  @EventType("session.thread_status_terminated")
  record StatusTerminated(String id, String sessionThreadId, String agentName)
      implements ThreadEvent {}
}
