package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Session;
import dev.rouse.log.SessionLogs;
import dev.rouse.server.http.Call;
import dev.rouse.session.SessionState;
import java.time.Clock;
import java.util.List;
import java.util.Set;

/**
 * {@code /v1/sessions/{session}/threads} (contract §1.6). A session has one thread, the primary
 * one: its events and its stream are the session's.
 */
final class ThreadsApi implements Section {

  private static final int MAX_LIMIT = 1000;

  private final SessionDoor door;
  private final SessionLogs logs;
  private final EventsApi events;
  private final Clock clock;

  ThreadsApi(SessionDoor door, SessionLogs logs, EventsApi events, Clock clock) {
    this.door = door;
    this.logs = logs;
    this.events = events;
    this.clock = clock;
  }

  @Override
  public void handle(Endpoint endpoint, List<String> places, Visitor visitor, Call call)
      throws WireError, InterruptedException {
    String id = places.getFirst();
    Session session = door.open(visitor, endpoint, id);
    SessionState state = SessionsApi.begun(session, logs);
    ObjectNode primary = ThreadBody.of(session, state, clock.instant());
    if (endpoint != Endpoint.THREADS) {
      checkId(primary, id, places.getLast());
    }
    switch (endpoint) {
      case THREADS -> call.answer(200, list(call, primary));
      case THREAD -> call.answer(200, primary);
      case THREAD_ARCHIVE -> call.answer(200, archived(primary, id));
      case THREAD_EVENTS -> events.list(call, session);
      case THREAD_STREAM -> events.stream(call, session, visitor);
      default -> throw new IllegalStateException(endpoint + " is not of this section");
    }
  }

  private static void checkId(ObjectNode primary, String session, String wanted) throws WireError {
    String there = primary.path("id").asText();
    if (!there.equals(wanted)) {
      throw WireError.notFound(
          "session %s has no thread %s; its one thread is %s".formatted(session, wanted, there));
    }
  }

  private static ObjectNode list(Call call, ObjectNode primary) throws WireError {
    Queries.limit(call, MAX_LIMIT, MAX_LIMIT);
    if (call.query("page").filter(text -> !text.isEmpty()).isPresent()) {
      throw WireError.invalid("page: not a cursor of this list, which has one page: leave it out");
    }
    Set<String> statuses = Queries.statuses(call);
    ArrayNode data = JsonNodeFactory.instance.arrayNode();
    if (statuses.isEmpty() || statuses.contains(primary.path("status").asText())) {
      data.add(primary);
    }
    return AgentsApi.page(data, null);
  }

  /** What is archived already may be archived again, as everything on the wire. */
  private static ObjectNode archived(ObjectNode primary, String session) throws WireError {
    if (primary.path("archived_at").isNull()) {
      throw WireError.invalid(
          "thread %s is the session's primary thread, without which the session cannot go on: to end the session, POST /v1/sessions/%s/archive"
              .formatted(primary.path("id").asText(), session));
    }
    return primary;
  }
}
