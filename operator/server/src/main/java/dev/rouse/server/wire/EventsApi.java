package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Session;
import dev.rouse.api.wire.InvalidBody;
import dev.rouse.log.SessionLogs;
import dev.rouse.server.http.BodyRefused;
import dev.rouse.server.http.Call;
import dev.rouse.server.keeper.SessionKeeper;
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

  private final SessionDoor door;
  private final SessionLogs logs;
  private final EventStreams streams;
  private final Sending sending;

  EventsApi(
      SessionDoor door,
      Sessions sessions,
      SessionLogs logs,
      SessionKeeper keeper,
      Clock clock,
      Ids ids) {
    this.door = door;
    this.logs = logs;
    this.sending = new Sending(door, logs, keeper::appended, ids);
    this.streams = new EventStreams(logs, sessions, clock, ids, EventStreams.Times.DEFAULTS);
  }

  /** Shows previews on the session's open streams, see {@link EventStreams#show}. */
  void show(String sessionUid, String span, long head, List<JsonNode> events) {
    streams.show(sessionUid, span, head, events);
  }

  @Override
  public void handle(Endpoint endpoint, List<String> places, Visitor visitor, Call call)
      throws WireError, InvalidBody, BodyRefused, InterruptedException {
    String id = places.getFirst();
    switch (endpoint) {
      case EVENTS -> list(call, door.open(visitor, endpoint, id));
      case EVENT_STREAM -> stream(call, door.open(visitor, endpoint, id), visitor);
      case EVENT_SEND -> sending.send(call, visitor, id);
      default -> throw new IllegalStateException(endpoint + " is not of this section");
    }
  }

  /** Answers with a page of the session's history. */
  void list(Call call, Session session) throws WireError {
    EventQuery query = EventQuery.of(call, session.getMetadata().getUid());
    call.answer(200, EventPage.of(logs.of(LogKeys.of(session)), query));
  }

  /** Streams what happens in the session from now on, until it or the caller goes. */
  void stream(Call call, Session session, Visitor visitor) throws WireError, InterruptedException {
    List<String> asked = call.queries("event_deltas[]");
    if (asked.size() > MAX_DELTAS || !PREVIEWED.containsAll(asked)) {
      throw WireError.invalid(
          "event_deltas[]: must be agent.message or agent.thinking, at most " + MAX_DELTAS);
    }
    boolean internal = Queries.flag(call, "include_internal");
    streams.stream(
        call,
        session,
        internal,
        new HashSet<>(asked),
        () -> visitor.mayStill(Endpoint.EVENT_STREAM, session));
  }
}
