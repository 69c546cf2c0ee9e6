package dev.rouse.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** The two ends of something that takes time and may cost money. */
public sealed interface SpanEvent extends Event {

  /**
   * Stands in the log before a model request starts.
   *
   * @param estimate the most that the request is expected to use, which it is charged if nobody
   *     learns what it used; only in a session with a budget, and not shown on the wire
   */
  @EventType("span.model_request_start")
  record ModelRequestStart(String id, @Nullable ModelUsage estimate) implements SpanEvent {

    /** A request of a session without a budget. */
    public ModelRequestStart(String id) {
      this(id, null);
    }
  }

  /** Closes a model request, also after errors and interrupts. */
  @EventType("span.model_request_end")
  record ModelRequestEnd(
      String id,
      String modelRequestStartId,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Boolean isError,
      ModelUsage modelUsage)
      implements SpanEvent {}

  @EventType("span.outcome_evaluation_start")
  record OutcomeEvaluationStart(String id, String outcomeId, int iteration) implements SpanEvent {}

  @EventType("span.outcome_evaluation_ongoing")
  record OutcomeEvaluationOngoing(String id, String outcomeId, int iteration)
      implements SpanEvent {}

  @EventType("span.outcome_evaluation_end")
  record OutcomeEvaluationEnd(
      String id,
      String outcomeEvaluationStartId,
      String outcomeId,
      int iteration,
      String result,
      String explanation,
      @Nullable JsonNode usage)
      implements SpanEvent {}
}
