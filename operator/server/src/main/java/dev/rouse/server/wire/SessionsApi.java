package dev.rouse.server.wire;

import dev.rouse.api.Session;
import dev.rouse.log.SessionLogs;
import dev.rouse.server.http.Call;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.SessionState;
import java.util.List;

/** {@code /v1/sessions} (contract §1.5). */
final class SessionsApi implements Section {

  private final SessionLogs logs;

  SessionsApi(SessionLogs logs) {
    this.logs = logs;
  }

  @Override
  public void handle(Endpoint endpoint, List<String> places, Visitor visitor, Call call)
      throws WireError, InterruptedException {
    switch (endpoint) {
      case SESSION -> show(call, visitor.session(endpoint, places.getFirst()));
      default -> throw WireError.later("sessions over HTTP: use kubectl and Session objects");
    }
  }

  private void show(Call call, Session session) throws WireError {
    SessionState state = logs.of(LogKeys.of(session)).state();
    InternalEvent.Created created = state.created();
    if (created == null) {
      throw WireError.notFound(
          "session %s/%s has not begun: see the conditions of the Session object"
              .formatted(session.getMetadata().getNamespace(), session.getMetadata().getName()));
    }
    call.answer(200, SessionBody.of(session, state, created));
  }
}
