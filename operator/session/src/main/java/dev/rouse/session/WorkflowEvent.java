package dev.rouse.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** The life of a workflow run; read and kept, not yet produced. */
public sealed interface WorkflowEvent extends Event {

  @EventType("workflow_run.created")
  record Created(
      String id,
      String workflowRunId,
      String name,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String description,
      JsonNode phases)
      implements WorkflowEvent {}

  @EventType("workflow_run.status_running")
  record StatusRunning(String id, String workflowRunId) implements WorkflowEvent {}

  @EventType("workflow_run.status_idle")
  record StatusIdle(String id, String workflowRunId) implements WorkflowEvent {}

  @EventType("workflow_run.phase_started")
  record PhaseStarted(String id, String workflowRunId, String workflowRunPhaseId)
      implements WorkflowEvent {}

  @EventType("workflow_run.phase_ended")
  record PhaseEnded(
      String id, String workflowRunId, String workflowRunPhaseId, String phaseStartedId)
      implements WorkflowEvent {}

  @EventType("workflow_run.error")
  record ErrorRaised(
      String id,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String workflowRunId,
      JsonNode error)
      implements WorkflowEvent {}

  @EventType("workflow_run.status_ended")
  record StatusEnded(String id, String workflowRunId, JsonNode result) implements WorkflowEvent {}
}
