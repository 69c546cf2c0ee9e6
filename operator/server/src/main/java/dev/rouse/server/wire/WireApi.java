package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Session;
import dev.rouse.log.LogDeleted;
import dev.rouse.log.LogException;
import dev.rouse.log.SessionLog;
import dev.rouse.log.SessionLogs;
import dev.rouse.server.auth.ReviewUnavailable;
import dev.rouse.server.auth.Reviews;
import dev.rouse.server.http.Call;
import dev.rouse.server.http.CallHandler;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.server.resource.Sessions;
import dev.rouse.server.wire.WireError.Type;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.SessionState;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The endpoints of the public API, {@link Endpoint}. */
public final class WireApi implements CallHandler {

  private static final Logger LOG = LoggerFactory.getLogger(WireApi.class);

  public static final String PREFIX = "/v1/";

  private static final Set<String> PREVIEWED = Set.of("agent.message", "agent.thinking");
  private static final int MAX_DELTAS = 100;

  private final Reviews reviews;
  private final Sessions sessions;
  private final SessionLogs logs;
  private final EventStreams streams;

  public WireApi(Reviews reviews, Sessions sessions, SessionLogs logs, Clock clock, Ids ids) {
    this.reviews = reviews;
    this.sessions = sessions;
    this.logs = logs;
    this.streams = new EventStreams(logs, sessions, clock, ids);
  }

  /** Shows previews on the session's open streams. Does not block. */
  public void show(String sessionUid, List<JsonNode> events) {
    streams.show(sessionUid, events);
  }

  /** Says that nothing can be answered now, in the form that clients understand. */
  public static void fail(Call call, int status, String message) {
    new WireError(status == 503 ? Type.UNAVAILABLE : Type.INTERNAL, message).answer(call);
  }

  @Override
  public void handle(Call call) throws Exception {
    try {
      Visitor visitor = Visitor.of(reviews, sessions, call);
      Endpoint endpoint = endpoint(call);
      String id = endpoint.path().match(call.path()).orElseThrow().getFirst();
      Session session = visitor.session(endpoint, id);
      switch (endpoint) {
        case SESSION -> session(call, session);
        case EVENTS ->
            call.answer(
                200,
                EventPage.of(log(session), EventQuery.of(call, session.getMetadata().getUid())));
        case EVENT_STREAM -> stream(call, session, visitor);
      }
    } catch (WireError e) {
      e.answer(call);
    } catch (LogDeleted _) {
      WireError.notFound("the session was deleted").answer(call);
    } catch (LogException e) {
      LOG.atWarn().addKeyValue("requestId", call.requestId()).setCause(e).log("the log refused");
      Type type = e.isRetryable() ? Type.UNAVAILABLE : Type.INTERNAL;
      new WireError(type, Optional.ofNullable(e.getMessage()).orElse("the log cannot be read"))
          .answer(call);
    } catch (ReviewUnavailable e) {
      LOG.atWarn().addKeyValue("requestId", call.requestId()).setCause(e).log("not answered");
      new WireError(Type.UNAVAILABLE, "the cluster's API server did not answer: try again")
          .answer(call);
    }
  }

  private static Endpoint endpoint(Call call) throws WireError {
    Set<String> methods = new TreeSet<>();
    for (Endpoint endpoint : Endpoint.values()) {
      if (endpoint.path().match(call.path()).isPresent()) {
        if (endpoint.method().equals(call.method())) {
          return endpoint;
        }
        methods.add(endpoint.method());
      }
    }
    Optional<LaterEndpoint> later = LaterEndpoint.of(call.method(), call.path());
    if (later.isPresent()) {
      throw new WireError(Type.NOT_IMPLEMENTED, later.get().message());
    }
    methods.addAll(LaterEndpoint.methods(call.path()));
    if (methods.isEmpty()) {
      throw WireError.notFound("there is no " + call.path());
    }
    call.withHeader("allow", String.join(", ", methods));
    throw new WireError(
        Type.METHOD, call.path() + " takes " + String.join(", ", methods) + " only");
  }

  private void session(Call call, Session session) throws WireError {
    SessionState state = log(session).state();
    InternalEvent.Created created = state.created();
    if (created == null) {
      throw WireError.notFound(
          "session %s/%s has not begun: see the conditions of the Session object"
              .formatted(session.getMetadata().getNamespace(), session.getMetadata().getName()));
    }
    call.answer(200, SessionBody.of(session, state, created));
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

  private SessionLog log(Session session) {
    return logs.of(LogKeys.of(session));
  }
}
