package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Session;
import dev.rouse.log.SessionLogs;
import dev.rouse.server.http.Call;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.server.resource.Sessions;
import dev.rouse.session.Ids;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@code /v1/sessions/{session}/events} (contract §1.6, §2). */
final class EventsApi implements Section {

  private static final Set<String> PREVIEWED = Set.of("agent.message", "agent.thinking");
  private static final int MAX_DELTAS = 100;

  private final SessionLogs logs;
  private final EventStreams streams;

  EventsApi(SessionLogs logs, Sessions sessions, Clock clock, Ids ids) {
    this.logs = logs;
    this.streams = new EventStreams(logs, sessions, clock, ids);
  }

  /** Shows previews on the session's open streams. Does not block. */
  void show(String sessionUid, List<JsonNode> events) {
    streams.show(sessionUid, events);
  }

  @Override
  public void handle(Endpoint endpoint, List<String> places, Visitor visitor, Call call)
      throws WireError, InterruptedException {
    switch (endpoint) {
      case EVENTS -> list(call, visitor.session(endpoint, places.getFirst()));
      case EVENT_STREAM -> stream(call, visitor.session(endpoint, places.getFirst()), visitor);
      default -> throw WireError.later("sending events: add an entry to spec.messages");
    }
  }

  private void list(Call call, Session session) throws WireError {
    EventQuery query = EventQuery.of(call, session.getMetadata().getUid());
    call.answer(200, EventPage.of(logs.of(LogKeys.of(session)), query));
  }

  private void stream(Call call, Session session, Visitor visitor)
      throws WireError, InterruptedException {
    List<String> asked = call.queries("event_deltas[]");
    if (asked.size() > MAX_DELTAS || !PREVIEWED.containsAll(asked)) {
      throw WireError.invalid(
          "event_deltas[]: must be agent.message or agent.thinking, at most " + MAX_DELTAS);
    }
    boolean internal = EventQuery.flag(call, "include_internal");
    streams.stream(
        call,
        session,
        internal,
        new HashSet<>(asked),
        () -> visitor.mayStill(Endpoint.EVENT_STREAM, session));
  }
}
