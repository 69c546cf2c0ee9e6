package dev.rouse.server.keeper;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import dev.rouse.log.AppendAnswer;
import dev.rouse.log.Description;
import dev.rouse.log.LogCorrupt;
import dev.rouse.log.LogDeleted;
import dev.rouse.log.LogTooNew;
import dev.rouse.log.SessionLog;
import dev.rouse.log.SessionLogs;
import dev.rouse.server.keeper.Outcome.Done;
import dev.rouse.server.keeper.Outcome.Refused;
import dev.rouse.server.keeper.Outcome.Why;
import dev.rouse.server.resource.FieldOwner;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.server.resource.SessionChange;
import dev.rouse.server.resource.SessionWriter;
import dev.rouse.server.resource.Sessions;
import dev.rouse.server.resource.SpecObjects.Applied;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes, archives and deletes sessions on behalf of API callers. Title, metadata and {@code
 * archived} live in the object and follow into the log; the agent in force lives in the log alone.
 */
public final class SessionChanges {

  private static final Logger LOG = LoggerFactory.getLogger(SessionChanges.class);

  private final Sessions sessions;
  private final SessionWriter writer;
  private final SessionLogs logs;
  private final Beginning beginning;
  private final Consumer<String> appended;

  /**
   * Makes changes.
   *
   * @param appended told the UID of a session whose log or object was written
   */
  SessionChanges(
      Sessions sessions,
      SessionWriter writer,
      SessionLogs logs,
      Beginning beginning,
      Consumer<String> appended) {
    this.sessions = sessions;
    this.writer = writer;
    this.logs = logs;
    this.beginning = beginning;
    this.appended = appended;
  }

  /** What the log is to say about a session: what its object says now. */
  static Description wanted(Sessions sessions, Session known) {
    Session now = sessions.get(known.getMetadata().getUid()).orElse(known);
    return new Description(now.getSpec().title(), now.getSpec().metadata());
  }

  /**
   * Changes a session, as a whole or not at all. The log is asked before the object is written, and
   * the object, which may be somebody else's to change, is written before the log. Should the
   * session begin to work between the two, the object gets back what it had.
   *
   * @param agent makes the agent that follows the one in force; null to leave it
   */
  public Outcome update(
      Session session,
      String principal,
      SessionChange change,
      @Nullable Function<AgentSnapshot, ObjectNode> agent) {
    SessionLog log = logs.of(LogKeys.of(session));
    Optional<Outcome> refused = refusedByLog(log, agent != null);
    if (refused.isPresent()) {
      return refused.get();
    }
    String uid = session.getMetadata().getUid();
    SessionSpec before = sessions.get(uid).orElse(session).getSpec();
    if (!change.isEmpty()) {
      refused = refused(writer.change(uid, change), log);
      if (refused.isPresent()) {
        return refused.get();
      }
    }
    AppendAnswer answer = log.update(principal, () -> wanted(sessions, session), agent);
    if (answer instanceof AppendAnswer.Refused) {
      takeBack(session, change, before, log);
    }
    return done(session, answer);
  }

  private static Optional<Outcome> refusedByLog(SessionLog log, boolean changesAgent) {
    SessionState state = log.state();
    if (state.phase() == Phase.TERMINATED) {
      return Optional.of(invalid(log, "has ended: nothing about it can be changed"));
    }
    if (changesAgent && state.phase() != Phase.IDLE) {
      return Optional.of(
          invalid(
              log,
              "is "
                  + state.phase().wireName()
                  + ": its agent can be changed only while it is idle; send user.interrupt, or wait"));
    }
    return log.refusesUpdate(changesAgent).map(SessionChanges::refused);
  }

  /** Gives the object back what it had, where it still has what the change made of it. */
  private void takeBack(Session session, SessionChange change, SessionSpec before, SessionLog log) {
    String uid = session.getMetadata().getUid();
    SessionSpec now = sessions.get(uid).orElse(session).getSpec();
    SessionChange back = change.back(before, now);
    if (!back.isEmpty() && refused(writer.change(uid, back), log).isPresent()) {
      LOG.atWarn()
          .addKeyValue("namespace", session.getMetadata().getNamespace())
          .addKeyValue("session", uid)
          .log("title and metadata of a refused change stay: others changed them at the same time");
    }
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

  /**
   * Removes a session that rests, with its log; who follows it is told. The log is ended first, at
   * the head that was judged: so nothing is taken in that would vanish. Whoever dies on the way
   * leaves a session that has ended, and is removed when it is asked for again.
   */
  public Outcome delete(Session session, String principal) {
    SessionLog log = logs.of(LogKeys.of(session));
    Optional<Outcome> refused = end(session, log, principal);
    if (refused.isPresent()) {
      return refused.get();
    }
    if (!writer.delete(session, _ -> true)) {
      return new Refused(Why.BUSY, log.key().describe() + " changes too fast: try again");
    }
    log.delete();
    return new Done(session);
  }

  /** Ends the log before it is removed; a log that nobody can append to needs no end. */
  private Optional<Outcome> end(Session session, SessionLog log, String principal) {
    try {
      if (!log.state().exists()
          && beginning.of(session) instanceof Beginning.Answer.Ready(var created)) {
        // Somebody could begin it and take in a message at this moment, so it begins, too.
        log.create(created, List.of());
      }
      return log.endToDelete(principal) instanceof AppendAnswer.Refused(Refusal refusal)
              && (refusal.code() == Code.CONFLICT || log.cachedState().phase().isDue())
          ? Optional.of(new Refused(Why.INVALID, refusal.message()))
          : Optional.empty();
    } catch (LogDeleted | LogCorrupt | LogTooNew e) {
      LOG.atWarn()
          .addKeyValue("namespace", session.getMetadata().getNamespace())
          .addKeyValue("session", session.getMetadata().getUid())
          .setCause(e)
          .log("deleting a session whose log cannot be read");
      return Optional.empty();
    }
  }

  private Outcome done(Session session, AppendAnswer answer) {
    return answer instanceof AppendAnswer.Refused(Refusal refusal)
        ? refused(refusal)
        : done(session);
  }

  private Outcome done(Session session) {
    String uid = session.getMetadata().getUid();
    appended.accept(uid);
    return new Done(sessions.get(uid).orElse(session));
  }

  private static Outcome refused(Refusal refusal) {
    return new Refused(refusal.code() == Code.LOG_FULL ? Why.FULL : Why.INVALID, refusal.message());
  }

  private static Outcome invalid(SessionLog log, String what) {
    return new Refused(Why.INVALID, log.key().describe() + " " + what);
  }

  private static Optional<Outcome> refused(Optional<Applied<Session>> changed, SessionLog log) {
    if (changed.isEmpty()) {
      return Optional.of(new Refused(Why.GONE, log.key().describe() + " was deleted"));
    }
    return switch (changed.get()) {
      case Applied.Done<Session> _ -> Optional.empty();
      case Applied.Owned<Session>(List<FieldOwner> owners) ->
          Optional.of(
              new Refused(
                  Why.MANAGED_ELSEWHERE,
                  log.key().describe() + ": " + FieldOwner.describe(owners)));
      case Applied.Refused<Session>(String message) ->
          Optional.of(new Refused(Why.INVALID, "the cluster refused: " + message));
      case Applied.Stale<Session> _, Applied.Taken<Session> _ ->
          Optional.of(new Refused(Why.BUSY, log.key().describe() + " changes too fast: try again"));
    };
  }
}
