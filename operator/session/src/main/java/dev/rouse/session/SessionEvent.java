package dev.rouse.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of the session as a whole (wire contract §2.3 to §2.5). */
public sealed interface SessionEvent extends Event {

  /** A status record: the fold takes the session's phase from the last of these. */
  sealed interface Status extends SessionEvent {}

  /** Work begins, or goes on. */
  @EventType("session.status_running")
  record StatusRunning(String id) implements Status {}

  /** The turn is over or blocked; {@code stopReason} says which. */
  @EventType("session.status_idle")
  record StatusIdle(
      String id,
      StopReason stopReason,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable JsonNode stopDetails)
      implements Status {
    public StatusIdle {
      stopDetails = stopDetails instanceof NullNode ? null : stopDetails;
    }
  }

  /** A transient error; the brain tries again by itself. */
  @EventType("session.status_rescheduled")
  record StatusRescheduled(String id) implements Status {}

  /** The session ended for good. */
  @EventType("session.status_terminated")
  record StatusTerminated(String id) implements Status {}

  /** The session was removed; the last thing an open stream sees. */
  @EventType("session.deleted")
  record Deleted(String id) implements SessionEvent {}

  /**
   * An update was accepted; holds only what changed.
   *
   * @param agent the whole agent as the wire shows it in a session; in force from the next model
   *     request on
   * @param title the new title; absent also where it was removed
   * @param metadata all metadata afterwards; absent also where it was emptied
   * @param budget the budget in force from here on; a JSON null where it was removed
   */
  @EventType("session.updated")
  record Updated(
      String id,
      @Nullable JsonNode agent,
      @Nullable String title,
      @Nullable Map<String, String> metadata,
      @Nullable JsonNode budget)
      implements SessionEvent {}

  /**
   * What the session has used so far; stands directly before every idle.
   *
   * @param usage with {@link ModelUsage#LIST_COST}
   * @param budget the budget in force; absent for none
   */
  @EventType("session.usage")
  record UsageReported(String id, ModelUsage usage, @Nullable JsonNode budget)
      implements SessionEvent {

    /** Of {@code state}, with what the same commit adds to it. */
    public static UsageReported of(String id, SessionState state, ModelUsage added) {
      Budget budget = state.budget();
      return new UsageReported(
          id, state.usageWithCost(added), budget == null ? null : budget.json());
    }
  }

  /** Something went wrong; {@code error.retryStatus} says what that means for the session. */
  @EventType("session.error")
  record ErrorRaised(String id, SessionError error) implements SessionEvent {}
}
