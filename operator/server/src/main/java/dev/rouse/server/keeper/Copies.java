package dev.rouse.server.keeper;

import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import dev.rouse.log.AppendAnswer;
import dev.rouse.log.LogCopy;
import dev.rouse.log.SessionLogs;
import dev.rouse.log.Source;
import dev.rouse.server.keeper.Outcome.Why;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.server.resource.RequestKey;
import dev.rouse.server.resource.SessionWriter;
import dev.rouse.server.resource.SpecObjects.Applied;
import dev.rouse.session.Ids;
import dev.rouse.session.LogRecord;
import dev.rouse.session.protocol.BrainProtocol.Code;
import dev.rouse.session.protocol.BrainProtocol.Refusal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes sessions out of other ones' records.
 *
 * <p>An import is the object with a mark that hides it, then the records in as many calls as it
 * takes, then {@code rouse.origin}, then the mark goes. Each step may be done again; what is given
 * up is swept. A fork is an object whose spec says what it is to be, so that any server can do it.
 */
public final class Copies {

  private static final int TITLE = 256;

  private final SessionWriter writer;
  private final SessionLogs logs;
  private final Creation creation;
  private final Forking forking;
  private final EnvironmentTypes types;
  private final Ids ids;

  Copies(
      SessionWriter writer,
      SessionLogs logs,
      Creation creation,
      Forking forking,
      EnvironmentTypes types,
      Ids ids) {
    this.writer = writer;
    this.logs = logs;
    this.creation = creation;
    this.forking = forking;
    this.types = types;
    this.ids = ids;
  }

  /**
   * Makes the object of an import, or finds the one that the same request has made.
   *
   * @param key by which the request is recognised when it comes again
   */
  public Outcome begin(String namespace, String name, SessionSpec spec, RequestKey key) {
    Session draft = Drafts.of(namespace, name, spec);
    return switch (writer.create(Drafts.change(draft, key, Creating.IMPORT))) {
      case Applied.Done<Session>(Session made) -> held(made);
      case Applied.Refused<Session>(String message) ->
          new Outcome.Refused(Why.INVALID, "the cluster refused: " + message);
      case Applied.Taken<Session> _, Applied.Stale<Session> _, Applied.Owned<Session> _ ->
          writer
              .read(namespace, name)
              .map(there -> key.made(there) ? held(there) : taken(there))
              .orElseGet(() ->
                  new Outcome.Refused(Why.BUSY, "the name " + name + " comes and goes: try again"));
    };
  }

  private Outcome held(Session made) {
    return !Creating.isMarked(made) || creation.held(made, true)
        ? new Outcome.Done(made)
        : new Outcome.Refused(Why.BUSY, "the session is being deleted: try again");
  }

  private static Outcome taken(Session there) {
    return new Outcome.Refused(
        Why.KEY_USED,
        "name: there is a session %s in namespace %s already: choose another name"
            .formatted(there.getMetadata().getName(), there.getMetadata().getNamespace()));
  }

  /** Whether records may be brought to this object. */
  public boolean isOpen(Session session) {
    return Creating.isImport(session);
  }

  /** Takes in the next records of an import; those that stand already must be the same. */
  public AppendAnswer append(Session session, String principal, List<LogRecord> records) {
    return logs.of(LogKeys.of(session)).copy().append(principal, records);
  }

  /**
   * Makes a session of what was brought.
   *
   * @param head the last record that was to be brought
   */
  public Outcome complete(Session session, String principal, Source source, long head) {
    LogCopy copy = logs.of(LogKeys.of(session)).copy();
    Optional<String> otherType = types.fault(session, copy.state());
    if (otherType.isPresent()) {
      return new Outcome.Refused(Why.INVALID, otherType.get());
    }
    AppendAnswer answer = copy.settle(principal, source, head);
    if (answer instanceof AppendAnswer.Refused(Refusal refusal)) {
      return new Outcome.Refused(
          refusal.code() == Code.LOG_FULL ? Why.FULL : Why.INVALID, refusal.message());
    }
    return Creating.isMarked(session) ? creation.finish(session) : new Outcome.Done(session);
  }

  /**
   * Forks a session.
   *
   * @param name of the fork; null for one of our choice
   */
  public Outcome fork(
      Session source, String principal, SessionSpec.ForkFrom from, @Nullable String name) {
    SessionSpec spec = source.getSpec();
    SessionSpec wanted =
        new SessionSpec(
            new SessionSpec.AgentRef(spec.agentRef().name(), null),
            spec.environmentRef(),
            title(spec.title()),
            spec.metadata(),
            List.of(),
            null,
            null,
            null,
            from,
            spec.budget());
    String namespace = source.getMetadata().getNamespace();
    String chosen = name == null ? Drafts.name(wanted, ids) : name;
    return switch (writer.create(Drafts.fork(Drafts.of(namespace, chosen, wanted)))) {
      case Applied.Done<Session>(Session made) -> forked(made, source, principal);
      case Applied.Refused<Session>(String message) ->
          new Outcome.Refused(Why.INVALID, "the cluster refused: " + message);
      case Applied.Taken<Session> _, Applied.Stale<Session> _, Applied.Owned<Session> _ ->
          writer
              .read(namespace, chosen)
              .map(there ->
                  name != null && Objects.equals(there.getSpec().forkFrom(), from)
                      ? forked(there, source, principal)
                      : taken(there))
              .orElseGet(() ->
                  new Outcome.Refused(
                      Why.BUSY, "the name " + chosen + " comes and goes: try again"));
    };
  }

  private static @Nullable String title(@Nullable String title) {
    return title == null || title.length() <= TITLE ? title : title.substring(0, TITLE);
  }

  private Outcome forked(Session made, Session source, String principal) {
    if (!creation.held(made, true)) {
      return new Outcome.Refused(Why.GONE, "the fork was deleted while it was made");
    }
    return switch (forking.fork(made, source, principal)) {
      case Forking.Answer.Done _ -> new Outcome.Done(made);
      case Forking.Answer.Waits(String message) -> new Outcome.Refused(Why.BUSY, message);
      case Forking.Answer.Refused(var _, String message) -> {
        // Nobody can mend it, and who asked is told: nothing is to be left of it.
        writer.delete(made, _ -> true);
        yield new Outcome.Refused(Why.INVALID, message);
      }
    };
  }
}
