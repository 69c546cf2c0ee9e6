package dev.rouse.harness.loop;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.harness.decide.Step;
import dev.rouse.session.AgentSnapshot;
import dev.rouse.session.Event;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.SessionError;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SessionState;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.StopReason;
import dev.rouse.session.ThreadEvent;
import dev.rouse.session.ToolUse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Composes the events that open, close and end things; every commit's order is decided here. */
final class Ending {

  /** What the model is told about a call that an interrupt cut short. */
  static final String INTERRUPTED =
      "The execution was interrupted before completion. Try again if the result is still needed.";

  private final Ids ids;

  Ending(Ids ids) {
    this.ids = ids;
  }

  /** The commit that ends a turn: what is open is closed, then thread idle, usage, idle. */
  List<Event> finish(SessionState session, Step.Finish finish, ModelUsage openSpanUsage) {
    List<Event> events = new ArrayList<>();
    if (finish.interrupt() != null) {
      events.addAll(finish.takeUp());
      events.add(finish.interrupt());
      for (ToolUse use : session.openToolUses().values()) {
        events.add(result(use, INTERRUPTED));
      }
    }
    ModelUsage more = closeSpan(events, session, openSpanUsage);
    if (finish.interrupt() == null) {
      events.addAll(finish.takeUp());
    }
    idle(events, session, more, finish.stopReason(), null);
    return events;
  }

  /**
   * The commit that gives a turn up. Queued events become processed, or they would start it anew.
   */
  List<Event> giveUp(SessionState session, SessionError error, ModelUsage openSpanUsage) {
    List<Event> events = new ArrayList<>();
    ModelUsage more = closeSpan(events, session, openSpanUsage);
    events.add(new SessionEvent.ErrorRaised(ids.event(), error));
    events.addAll(session.queued().values());
    idle(events, session, more, StopReason.RETRIES_EXHAUSTED, null);
    return events;
  }

  /** Adds an error end for the open span; answers what that adds to the session's usage. */
  ModelUsage closeSpan(List<Event> events, SessionState session, ModelUsage usage) {
    String span = session.openSpan();
    if (span == null) {
      return ModelUsage.ZERO;
    }
    events.add(new SpanEvent.ModelRequestEnd(ids.event(), span, true, usage));
    return usage;
  }

  /**
   * Adds thread idle, usage and idle.
   *
   * @param more usage in the same commit that {@code session} does not know yet
   */
  void idle(
      List<Event> events,
      SessionState session,
      ModelUsage more,
      StopReason reason,
      @Nullable JsonNode stopDetails) {
    InternalEvent.Created created = created(session);
    events.add(
        new ThreadEvent.StatusIdle(
            ids.event(), created.threadId(), agent(session).name(), reason, stopDetails));
    events.add(SessionEvent.UsageReported.of(ids.event(), session, more));
    events.add(new SessionEvent.StatusIdle(ids.event(), reason, stopDetails));
  }

  /** Adds the two records that say that a transient error is waited out. */
  void rescheduled(List<Event> events, SessionState session) {
    InternalEvent.Created created = created(session);
    events.add(
        new ThreadEvent.StatusRescheduled(ids.event(), created.threadId(), agent(session).name()));
    events.add(new SessionEvent.StatusRescheduled(ids.event()));
  }

  /** Adds the two records that say that work goes on. */
  void running(List<Event> events, SessionState session) {
    InternalEvent.Created created = created(session);
    events.add(new SessionEvent.StatusRunning(ids.event()));
    events.add(
        new ThreadEvent.StatusRunning(ids.event(), created.threadId(), agent(session).name()));
  }

  /** An error result for {@code use}, of the kind that its call needs. */
  Event result(ToolUse use, String message) {
    return use.failed(ids.event(), message);
  }

  /** The agent in force: of record 0, or of the last update. */
  static AgentSnapshot agent(SessionState session) {
    AgentSnapshot agent = session.agent();
    return agent == null ? created(session).agent() : agent;
  }

  static InternalEvent.Created created(SessionState session) {
    InternalEvent.Created created = session.created();
    if (created == null) {
      throw Halt.internal("the log has no record 0: the session was not created", null);
    }
    return created;
  }
}
