package dev.rouse.server.keeper;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import dev.rouse.log.AppendAnswer;
import dev.rouse.log.BudgetFault;
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
import dev.rouse.session.Budget;
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
 * Changes, archives and deletes sessions on behalf of API callers. Title, metadata, budget and
 * {@code archived} live in the object and follow into the log; the agent in force lives in the log
 * alone.
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
    return new Description(
        now.getSpec().title(), now.getSpec().metadata(), Budgets.of(now.getSpec()));
  }

  /** The same, but for a budget that cannot be: then the one in force stays. */
  static Description possible(Sessions sessions, Session known, SessionState state) {
    Description wanted = wanted(sessions, known);
    return BudgetFault.of(state, wanted.budget()).isEmpty()
        ? wanted
        : new Description(wanted.title(), wanted.metadata(), state.budget());
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
      SessionChange asked,
      @Nullable Function<AgentSnapshot, ObjectNode> agent) {
    SessionLog log = logs.of(LogKeys.of(session));
    SessionChange.@Nullable Budget budget = asked.budget();
    Optional<Outcome> refused =
        refusedByLog(log, agent != null).or(() -> refusedBudget(log.cachedState(), budget));
    if (refused.isPresent()) {
      return refused.get();
    }
    String uid = session.getMetadata().getUid();
    SessionSpec before = sessions.get(uid).orElse(session).getSpec();
    SessionChange change = asked.unlessHeld(before);
    if (!change.isEmpty()) {
      refused = refused(writer.change(uid, change), log);
      if (refused.isPresent()) {
        return refused.get();
      }
    }
    AppendAnswer answer =
        log.update(
            principal,
            () ->
                budget == null
                    ? possible(sessions, session, log.cachedState())
                    : wanted(sessions, session),
            agent);
    if (answer instanceof AppendAnswer.Refused) {
      takeBack(session, change, before, log);
      refused = refusedBudget(log.cachedState(), budget);
    }
    return refused.orElseGet(() -> done(session, answer));
  }

  /** A budget is for those that began with one, and for more than was spent (contract §1.5). */
  private static Optional<Outcome> refusedBudget(
      SessionState state, SessionChange.@Nullable Budget asked) {
    Budget next = asked == null ? null : Budgets.of(asked.limit());
    Optional<BudgetFault> fault =
        next != null && state.budget() == null
            ? Optional.of(BudgetFault.BUDGET_CREATE_ONLY)
            : BudgetFault.of(state, next);
    return fault.map(it -> new Refused(Why.INVALID, it.message(state), it.wireName()));
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
          .log("the object's part of a refused change stays: others changed it at the same time");
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
