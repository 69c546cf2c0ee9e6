package dev.rouse.server.keeper;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Session;
import dev.rouse.log.AppendAnswer;
import dev.rouse.log.Description;
import dev.rouse.log.SessionLog;
import dev.rouse.log.SessionLogs;
import dev.rouse.server.keeper.Outcome.Done;
import dev.rouse.server.keeper.Outcome.Refused;
import dev.rouse.server.keeper.Outcome.Why;
import dev.rouse.server.resource.FieldOwner;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.server.resource.SessionChange;
import dev.rouse.server.resource.SessionObjects.Changed;
import dev.rouse.server.resource.SessionWriter;
import dev.rouse.server.resource.Sessions;
import dev.rouse.session.AgentSnapshot;
import dev.rouse.session.Phase;
import dev.rouse.session.SessionState;
import dev.rouse.session.protocol.BrainProtocol.Code;
import dev.rouse.session.protocol.BrainProtocol.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Changes, archives and deletes sessions on behalf of API callers. Title, metadata and {@code
 * archived} live in the object and follow into the log; the agent in force lives in the log alone.
 */
public final class SessionChanges {

  private final Sessions sessions;
  private final SessionWriter writer;
  private final SessionLogs logs;
  private final Consumer<String> appended;

  /**
   * Makes changes.
   *
   * @param appended told the UID of a session whose log or object was written
   */
  SessionChanges(
      Sessions sessions, SessionWriter writer, SessionLogs logs, Consumer<String> appended) {
    this.sessions = sessions;
    this.writer = writer;
    this.logs = logs;
    this.appended = appended;
  }

  /** What the log is to say about a session: what its object says now. */
  static Description wanted(Sessions sessions, Session known) {
    Session now = sessions.get(known.getMetadata().getUid()).orElse(known);
    return new Description(now.getSpec().title(), now.getSpec().metadata());
  }

  /**
   * Changes a session. The agent is refused before anything is written unless the session is idle;
   * if it begins to work in the very moment of the call, the agent may be refused with title and
   * metadata changed.
   *
   * @param agent makes the agent that follows the one in force; null to leave it
   */
  public Outcome update(
      Session session,
      String principal,
      SessionChange change,
      @Nullable Function<AgentSnapshot, ObjectNode> agent) {
    SessionLog log = logs.of(LogKeys.of(session));
    SessionState state = log.state();
    if (state.phase() == Phase.TERMINATED) {
      return invalid(log, "has ended: nothing about it can be changed");
    }
    if (agent != null && state.phase() != Phase.IDLE) {
      return invalid(
          log,
          "is "
              + state.phase().wireName()
              + ": its agent can be changed only while it is idle; send user.interrupt, or wait");
    }
    if (!change.isEmpty()) {
      Optional<Outcome> refused =
          refused(writer.change(session.getMetadata().getUid(), change), log);
      if (refused.isPresent()) {
        return refused.get();
      }
    }
    AppendAnswer answer = log.update(principal, () -> wanted(sessions, session), agent);
    return done(session, log, answer);
  }

  /** Ends a session that rests, and says so in its object. Doing it again changes nothing. */
  public Outcome archive(Session session, String principal) {
    SessionLog log = logs.of(LogKeys.of(session));
    if (log.end(principal) instanceof AppendAnswer.Refused(Refusal refusal)) {
      return new Refused(Why.INVALID, refusal.message());
    }
    if (session.getSpec().isToBeArchived()) {
      return done(session);
    }
    return refused(writer.change(session.getMetadata().getUid(), SessionChange.ARCHIVE), log)
        .orElseGet(() -> done(session));
  }

  /** Removes a session that rests, with its log; who follows it is told. */
  public Outcome delete(Session session) {
    SessionLog log = logs.of(LogKeys.of(session));
    boolean gone = writer.delete(session, _ -> !log.state().phase().isDue());
    if (!gone) {
      SessionState state = log.state();
      return state.phase().isDue()
          ? invalid(
              log,
              "is "
                  + state.phase().wireName()
                  + ": send user.interrupt, or wait until it is idle, before it can be deleted")
          : new Refused(Why.BUSY, log.key().describe() + " changes too fast: try again");
    }
    log.delete();
    return new Done(session);
  }

  private Outcome done(Session session, SessionLog log, AppendAnswer answer) {
    return answer instanceof AppendAnswer.Refused(Refusal refusal)
        ? new Refused(refusal.code() == Code.LOG_FULL ? Why.FULL : Why.INVALID, refusal.message())
        : done(session);
  }

  private Outcome done(Session session) {
    String uid = session.getMetadata().getUid();
    appended.accept(uid);
    return new Done(sessions.get(uid).orElse(session));
  }

  private static Outcome invalid(SessionLog log, String what) {
    return new Refused(Why.INVALID, log.key().describe() + " " + what);
  }

  private static Optional<Outcome> refused(Changed changed, SessionLog log) {
    return switch (changed) {
      case Changed.Done _ -> Optional.empty();
      case Changed.Owned(List<FieldOwner> owners) ->
          Optional.of(
              new Refused(
                  Why.MANAGED_ELSEWHERE,
                  log.key().describe() + ": " + FieldOwner.describe(owners)));
      case Changed.Refused(String message) ->
          Optional.of(new Refused(Why.INVALID, "the cluster refused: " + message));
      case Changed.Conflict _ ->
          Optional.of(new Refused(Why.BUSY, log.key().describe() + " changes too fast: try again"));
      case Changed.Gone _ ->
          Optional.of(new Refused(Why.GONE, log.key().describe() + " was deleted"));
    };
  }
}
