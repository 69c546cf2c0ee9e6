package dev.rouse.server.keeper;

import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.SessionStatus.LogHead;
import dev.rouse.log.AppendAnswer;
import dev.rouse.log.Description;
import dev.rouse.log.LogCorrupt;
import dev.rouse.log.LogTooNew;
import dev.rouse.log.SessionLog;
import dev.rouse.log.SessionLogs;
import dev.rouse.server.keeper.StatusView.Refused;
import dev.rouse.server.keeper.StatusView.Shown;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.server.resource.ServerPart;
import dev.rouse.server.resource.SessionWriter;
import dev.rouse.server.resource.Sessions;
import dev.rouse.server.resource.StatusWriter;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Ids;
import dev.rouse.session.Phase;
import dev.rouse.session.SessionState;
import dev.rouse.session.UserEvent;
import dev.rouse.session.protocol.BrainProtocol.Refusal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one Session object and its log together:
 *
 * <ol>
 *   <li>the hold on the object, where the store needs one to remove the log with it;
 *   <li>record 0, once references resolve, or the records of the session that is forked;
 *   <li>title, metadata and budget, where they were changed;
 *   <li>the entries of {@code spec.messages}, in list order, each once;
 *   <li>the end, once an archived session rests;
 *   <li>the server's part of the status, at once or when its time has come.
 * </ol>
 */
final class Keeping {

  private static final Logger LOG = LoggerFactory.getLogger(Keeping.class);

  /** When a session is looked at again, though nothing has drawn attention to it. */
  sealed interface Next {

    /** Not before something happens. */
    record Never() implements Next {}

    /** After this time. */
    record In(Duration time) implements Next {}

    /** After this time, and then the whole log: it could not be read. */
    record Suspect(Duration again) implements Next {}

    /** When something that it refers to changes, or after this time. */
    record WhenReferencesChange(Duration orIn) implements Next {}
  }

  private static final Next NEVER = new Next.Never();
  private static final Duration MISSING_AGAIN = Duration.ofMinutes(1);
  private static final Duration SOURCE_AGAIN = Duration.ofSeconds(5);
  private static final Duration TOO_NEW_AGAIN = Duration.ofMinutes(5);

  /** What is put back is seen after this time. */
  private static final Duration CORRUPT_AGAIN = Duration.ofSeconds(10);

  private final Sessions sessions;
  private final SessionLogs logs;
  private final Beginning beginning;
  private final StatusView view;
  private final StatusWriter writer;
  private final StatusPace pace;
  private final SessionWriter specs;
  private final Forking forking;
  private final GrowingCopies copies = new GrowingCopies();
  private final Clock clock;
  private final Ids ids;

  Keeping(
      Sessions sessions,
      SessionLogs logs,
      Beginning beginning,
      StatusView view,
      StatusWriter writer,
      StatusPace pace,
      SessionWriter specs,
      Forking forking,
      Clock clock,
      Ids ids) {
    this.sessions = sessions;
    this.logs = logs;
    this.beginning = beginning;
    this.view = view;
    this.writer = writer;
    this.pace = pace;
    this.specs = specs;
    this.forking = forking;
    this.clock = clock;
    this.ids = ids;
  }

  /**
   * Does what there is to do now.
   *
   * @param seen a head that the log is known to have reached
   * @param suspect whether somebody found the log damaged: it is read as a whole then
   */
  Next keep(String uid, long seen, boolean suspect) {
    Optional<Session> found = sessions.get(uid);
    if (found.isEmpty() || found.get().getMetadata().getDeletionTimestamp() != null) {
      return NEVER;
    }
    Session session = found.get();
    if (!specs.hold(session)) {
      return NEVER;
    }
    SessionLog log = logs.of(LogKeys.of(session));
    try {
      if (suspect) {
        log.check();
      }
      SessionState state = log.cachedState();
      // It may have been looked at before its creator, another server, had begun it.
      if (!state.exists() || state.head() < seen) {
        state = log.state();
      }
      if (!state.exists()) {
        Optional<Next> waits =
            Creating.isMarked(session) ? creating(session, log) : begin(session, log);
        if (waits.isPresent()) {
          return waits.get();
        }
      } else if (Creating.isMarked(session)) {
        specs.unmark(session);
      }
      boolean described = describe(session, log);
      if (session.getSpec().isToBeArchived()) {
        boolean ended = end(log);
        return show(session, log, null, described || ended);
      }
      Delivery delivery = deliver(session, log);
      return show(session, log, delivery.refused(), described || delivery.any());
    } catch (LogTooNew e) {
      LOG.atError()
          .addKeyValue("namespace", session.getMetadata().getNamespace())
          .addKeyValue("session", uid)
          .setCause(e)
          .log("this version does not know the format of the log");
      writer.update(uid, it -> Optional.of(view.tooNew(it)));
      return new Next.Suspect(TOO_NEW_AGAIN);
    } catch (LogCorrupt e) {
      return corrupt(session, "Damaged", Objects.requireNonNullElse(e.getMessage(), "damaged"));
    }
  }

  private Next corrupt(Session session, String reason, String message) {
    LOG.atError()
        .addKeyValue("namespace", session.getMetadata().getNamespace())
        .addKeyValue("session", session.getMetadata().getUid())
        .log("the log cannot be read: {}", message);
    writer.update(
        session.getMetadata().getUid(), it -> Optional.of(view.corrupt(it, reason, message)));
    return new Next.Suspect(CORRUPT_AGAIN);
  }

  /** Record 0 is its creator's to write: this waits for it, and sweeps what was given up. */
  private Optional<Next> creating(Session session, SessionLog log) {
    if (log.state().exists()) {
      specs.unmark(session);
      return Optional.empty();
    }
    Duration left = Creating.left(session, clock);
    if (left.isPositive()) {
      return Optional.of(new Next.In(left));
    }
    if (Creating.isImport(session) && copies.isGrowing(log)) {
      return Optional.of(new Next.In(Creating.AT_MOST));
    }
    copies.forget(log);
    LOG.atInfo()
        .addKeyValue("namespace", session.getMetadata().getNamespace())
        .addKeyValue("session", session.getMetadata().getUid())
        .log("sweeping an object whose creation was given up");
    specs.delete(session, now -> Creating.isMarked(now) && !log.state().exists());
    return Optional.of(NEVER);
  }

  /**
   * Brings title, metadata and budget of the object into the log, whoever changed them.
   *
   * @return whether it is there now and was not before
   */
  private boolean describe(Session session, SessionLog log) {
    SessionState state = log.cachedState();
    Description wanted = SessionChanges.possible(sessions, session, state);
    boolean told =
        Objects.equals(wanted.title(), state.title())
            && wanted.metadata().equals(state.metadata())
            && Objects.equals(wanted.budget(), state.budget());
    if (told || state.phase() == Phase.TERMINATED) {
      return false;
    }
    // A refusal says that the log takes nothing any more, which its status shows.
    AppendAnswer answer =
        log.update(null, () -> SessionChanges.possible(sessions, session, log.cachedState()), null);
    return answer instanceof AppendAnswer.Accepted;
  }

  /** Ends an archived session; while it works the status says that this is waited for. */
  private static boolean end(SessionLog log) {
    return log.cachedState().phase() != Phase.TERMINATED
        && log.end(null) instanceof AppendAnswer.Accepted;
  }

  /** Writes record 0; what is returned is how long to wait if that cannot be done. */
  private Optional<Next> begin(Session session, SessionLog log) {
    return switch (beginning.of(session)) {
      case Beginning.Answer.Ready(var created) -> {
        if (log.create(created, List.of()) instanceof AppendAnswer.Refused(Refusal refusal)) {
          throw new IllegalStateException("record 0 was refused: " + refusal.message());
        }
        yield Optional.empty();
      }
      case Beginning.Answer.Fork(Session source) -> fork(session, source);
      case Beginning.Answer.Missing(String message, var _) -> {
        LOG.atInfo()
            .addKeyValue("namespace", session.getMetadata().getNamespace())
            .addKeyValue("session", session.getMetadata().getUid())
            .log("not begun: {}", message);
        writer.update(session.getMetadata().getUid(), it -> Optional.of(view.pending(it)));
        yield Optional.of(new Next.WhenReferencesChange(MISSING_AGAIN));
      }
      case Beginning.Answer.Lost(String message) ->
          Optional.of(corrupt(session, "Missing", message));
    };
  }

  private Optional<Next> fork(Session session, Session source) {
    String uid = session.getMetadata().getUid();
    return switch (forking.fork(session, source, null)) {
      case Forking.Answer.Done _ -> Optional.empty();
      case Forking.Answer.Waits _ -> {
        writer.update(uid, it -> Optional.of(view.pending(it)));
        yield Optional.of(new Next.In(SOURCE_AGAIN));
      }
      case Forking.Answer.Refused(String reason, String message) -> {
        writer.update(uid, it -> Optional.of(view.forkRefused(it, reason, message)));
        yield Optional.of(new Next.WhenReferencesChange(TOO_NEW_AGAIN));
      }
    };
  }

  /**
   * What came of {@code spec.messages}.
   *
   * @param any whether any was delivered
   * @param refused the entry that the log did not take, if there is one
   */
  private record Delivery(boolean any, @Nullable Refused refused) {}

  /** Delivers what was not delivered; a refused entry holds up those after it, for order counts. */
  private Delivery deliver(Session session, SessionLog log) {
    boolean any = false;
    for (SessionSpec.Message message : session.getSpec().messages()) {
      if (log.cachedState().deliveredMessages().contains(message.id())) {
        continue;
      }
      UserEvent.Message event =
          new UserEvent.Message(ids.event(), List.of(ContentBlock.text(message.text())));
      if (log.deliver(message.id(), event) instanceof AppendAnswer.Refused(Refusal refusal)) {
        return new Delivery(
            any, new Refused(message.id(), RefusalReasons.of(refusal.code()), refusal.message()));
      }
      any = true;
    }
    return new Delivery(any, null);
  }

  private Next show(Session session, SessionLog log, @Nullable Refused refused, boolean wrote) {
    String uid = session.getMetadata().getUid();
    SessionStatus before = ServerPart.of(session);
    SessionState cached = log.cachedState();
    long bytes = bytes(before);
    SessionStatus sketch = view.of(session, new Shown(cached, bytes, log.room(), refused));
    if (sketch.equals(before)) {
      return NEVER;
    }
    boolean now = wrote || StatusView.isUrgent(before, sketch);
    Duration wait = now ? Duration.ZERO : pace.untilNext(uid);
    if (wait.isPositive()) {
      return new Next.In(wait);
    }
    long taken = log.cachedHead().bytes();
    writer.update(uid, it -> next(it, new Shown(cached, taken, log.room(), refused)));
    return NEVER;
  }

  /**
   * The status at this state, unless the object speaks of a later one: another server was faster.
   */
  private Optional<SessionStatus> next(Session session, Shown shown) {
    if (ServerPart.head(session) > shown.state().head()) {
      return Optional.empty();
    }
    SessionStatus before = ServerPart.of(session);
    Shown unchanged = new Shown(shown.state(), bytes(before), shown.room(), shown.refused());
    // What a log takes may change by itself when its store tidies up: no reason to write.
    return Optional.of(
        view.of(session, unchanged).equals(before) ? before : view.of(session, shown));
  }

  private static long bytes(SessionStatus status) {
    LogHead log = status.log();
    return log == null ? 0 : Objects.requireNonNullElse(log.bytes(), 0L);
  }
}
