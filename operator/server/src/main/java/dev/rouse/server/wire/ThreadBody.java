package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Session;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.Phase;
import dev.rouse.session.SessionState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** The wire's thread object (contract §1.6) of a session's primary thread. */
final class ThreadBody {

  private ThreadBody() {}

  /** The body of the primary thread of a session that has begun. */
  static ObjectNode of(Session session, SessionState state, Instant now) {
    InternalEvent.Created created = Objects.requireNonNull(state.created());
    // What the two have in common is said of both in the same words.
    ObjectNode whole = SessionBody.of(session, state);
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("id", created.threadId());
    body.put("type", "session_thread");
    body.set("session_id", whole.get("id"));
    body.putNull("parent_thread_id");
    body.putNull("workflow_run_id");
    ObjectNode agent = (ObjectNode) whole.get("agent");
    // The roster is the session's, and stands there only.
    agent.remove("multiagent");
    body.set("agent", agent);
    if (hasWorked(state)) {
      Instant end = Objects.requireNonNullElse(state.terminatedAt(), now);
      Instant made = Instant.parse(session.getMetadata().getCreationTimestamp());
      ObjectNode stats = (ObjectNode) whole.get("stats");
      stats.put("duration_seconds", SessionBody.seconds(Duration.between(made, end)));
      body.set("stats", stats);
      body.set("usage", whole.get("usage"));
    } else {
      body.putNull("stats");
      body.putNull("usage");
    }
    for (String same : List.of("status", "created_at", "updated_at", "archived_at")) {
      body.set(same, whole.get(same));
    }
    return body;
  }

  /** Whether the thread was ever anything but idle: before that there is nothing to count. */
  private static boolean hasWorked(SessionState state) {
    return state.phase() != Phase.IDLE || state.stopReason() != null;
  }
}
