package dev.rouse.log;

import dev.rouse.session.Event;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SessionState;
import dev.rouse.session.StopReason;
import dev.rouse.session.ThreadEvent;
import java.util.List;
import java.util.Objects;

/** The status events that the server itself writes, in the wire's order (contract §2.5, §2.7). */
final class StatusEvents {

  private final Ids ids;

  StatusEvents(Ids ids) {
    this.ids = ids;
  }

  /** Session and primary thread run. */
  List<Event> running(SessionState state) {
    InternalEvent.Created created = created(state);
    return List.of(
        new SessionEvent.StatusRunning(ids.event()),
        new ThreadEvent.StatusRunning(ids.event(), created.threadId(), created.agent().name()));
  }

  /** Primary thread and session are idle, with the usage between them. */
  List<Event> idle(SessionState state, StopReason reason) {
    InternalEvent.Created created = created(state);
    return List.of(
        new ThreadEvent.StatusIdle(
            ids.event(), created.threadId(), created.agent().name(), reason, null),
        SessionEvent.UsageReported.of(ids.event(), state, ModelUsage.ZERO),
        new SessionEvent.StatusIdle(ids.event(), reason, null));
  }

  private static InternalEvent.Created created(SessionState state) {
    return Objects.requireNonNull(state.created(), "a status needs a log with a record 0");
  }
}
