package dev.rouse.server.keeper;

import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import dev.rouse.log.AppendAnswer;
import dev.rouse.log.LogException;
import dev.rouse.log.OutcomeUnknown;
import dev.rouse.log.SessionLogs;
import dev.rouse.server.keeper.Outcome.Why;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.server.resource.RequestKey;
import dev.rouse.server.resource.SessionWriter;
import dev.rouse.server.resource.SpecObjects.Applied;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.UserEvent;
import dev.rouse.session.protocol.BrainProtocol.Code;
import dev.rouse.session.protocol.BrainProtocol.Refusal;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sessions on behalf of API callers, in three steps:
 *
 * <ol>
 *   <li>the object, with a mark that hides it;
 *   <li>one commit with record 0 and the first input;
 *   <li>the mark goes.
 * </ol>
 *
 * <p>A process that dies between the first two leaves an object that nobody sees, which is swept
 * later; one that dies between the last two leaves a session that is complete, and any server takes
 * the mark away.
 *
 * <p>With a key the object's name is the key's, so that all who ask with it meet at one object,
 * whoever made it, and each goes on from the step that it finds. An object is swept only while it
 * has its mark, so whoever took the mark away knows that the session stays.
 */
public final class Creation {

  private static final Logger LOG = LoggerFactory.getLogger(Creation.class);

  private static final String KIND = "session";

  /** An object of the same key may be swept, or a name be taken, while we look; not for ever. */
  private static final int ATTEMPTS = 5;

  private final SessionWriter writer;
  private final SessionLogs logs;
  private final Beginning beginning;
  private final Clock clock;
  private final Ids ids;

  Creation(SessionWriter writer, SessionLogs logs, Beginning beginning, Clock clock, Ids ids) {
    this.writer = writer;
    this.logs = logs;
    this.beginning = beginning;
    this.clock = clock;
    this.ids = ids;
  }

  /**
   * Makes a session.
   *
   * @param principal who asks
   * @param input taken in with record 0, all of it or nothing
   * @param key by which the request is recognised when it comes again; null for none
   * @throws LogException when the log cannot be written; whether the session exists is unknown only
   *     with {@link OutcomeUnknown}
   * @throws KubernetesClientException when the API server cannot be asked
   */
  public Outcome create(
      String namespace,
      String principal,
      SessionSpec spec,
      List<UserEvent> input,
      @Nullable RequestKey key) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Session draft =
          Drafts.of(namespace, key == null ? Drafts.name(spec, ids) : key.name(KIND), spec);
      InternalEvent.Created created;
      switch (beginning.of(draft)) {
        case Beginning.Answer.Missing missing -> {
          return refused(missing);
        }
        case Beginning.Answer.Lost(String message) -> {
          return new Outcome.Refused(Why.INVALID, message);
        }
        case Beginning.Answer.Fork _ -> throw noFork();
        case Beginning.Answer.Ready ready -> created = ready.created();
      }
      switch (writer.create(Drafts.change(draft, key))) {
        case Applied.Done<Session>(Session made) -> {
          return begin(made, created, principal, input, key != null);
        }
        case Applied.Refused<Session>(String message) -> {
          return new Outcome.Refused(Why.INVALID, "the cluster refused: " + message);
        }
        case Applied.Taken<Session> _, Applied.Stale<Session> _, Applied.Owned<Session> _ -> {
          Optional<Outcome> again =
              key == null ? Optional.empty() : again(namespace, principal, input, key);
          if (again.isPresent()) {
            return again.get();
          }
        }
      }
    }
    return new Outcome.Refused(
        Why.BUSY, "objects of the new session's name come and go: try again");
  }

  /**
   * Goes on with what the same request began before, here or elsewhere; empty if there is nothing.
   *
   * @param input as {@link #create} would be given it
   */
  public Optional<Outcome> again(
      String namespace, String principal, List<UserEvent> input, RequestKey key) {
    return writer
        .read(namespace, key.name(KIND))
        .map(session -> goOn(session, principal, input, key));
  }

  private Outcome goOn(Session found, String principal, List<UserEvent> input, RequestKey key) {
    if (!key.made(found)) {
      return new Outcome.Refused(Why.KEY_USED, RequestKey.conflict(found));
    }
    if (found.getMetadata().getDeletionTimestamp() != null) {
      return new Outcome.Refused(
          Why.BUSY, "the session that this Idempotency-Key made is being deleted: try again");
    }
    if (!Creating.isMarked(found)) {
      return new Outcome.Done(found);
    }
    if (logs.of(LogKeys.of(found)).state().exists()) {
      return finish(found);
    }
    return switch (beginning.of(found)) {
      case Beginning.Answer.Missing missing -> refused(missing);
      case Beginning.Answer.Lost(String message) -> new Outcome.Refused(Why.INVALID, message);
      case Beginning.Answer.Fork _ -> throw noFork();
      case Beginning.Answer.Ready(var created) -> begin(found, created, principal, input, true);
    };
  }

  private static Outcome refused(Beginning.Answer.Missing missing) {
    return new Outcome.Refused(Why.INVALID, missing.message(), missing.reason());
  }

  private static IllegalStateException noFork() {
    return new IllegalStateException("a fork is not made by this call");
  }

  /**
   * The second step.
   *
   * @param shared whether others may be at this object: then it is not ours to take back
   */
  private Outcome begin(
      Session made,
      InternalEvent.Created created,
      String principal,
      List<UserEvent> input,
      boolean shared) {
    if (!held(made, shared)) {
      return new Outcome.Refused(Why.GONE, "the session was deleted while it was made");
    }
    AppendAnswer answer;
    try {
      answer =
          logs.of(LogKeys.of(made))
              .create(created.of(made.getMetadata().getUid()), principal, input);
    } catch (OutcomeUnknown e) {
      // There may be a log: then the session exists, and the mark goes at the next look.
      throw e;
    } catch (LogException e) {
      giveUp(made, shared);
      throw e;
    }
    if (answer instanceof AppendAnswer.Refused(Refusal refusal)) {
      giveUp(made, shared);
      return new Outcome.Refused(
          refusal.code() == Code.LOG_FULL ? Why.FULL : Why.INVALID, refusal.message());
    }
    return finish(made);
  }

  /** Before the log begins, so that none is ever left without an object. */
  boolean held(Session made, boolean shared) {
    try {
      return writer.hold(made);
    } catch (KubernetesClientException | IllegalStateException e) {
      giveUp(made, shared);
      throw e;
    }
  }

  /** The third step. */
  Outcome finish(Session made) {
    try {
      if (!writer.unmark(made)) {
        if (writer.isGone(made)) {
          // It was swept between two steps of ours, or deleted; the log would have no owner.
          logs.of(LogKeys.of(made)).delete();
        }
        return new Outcome.Refused(
            Why.BUSY, "the new session was changed or removed while it was made: try again");
      }
    } catch (KubernetesClientException e) {
      if (!Creating.mayKeepMark(made, clock)) {
        throw e;
      }
      LOG.atWarn()
          .addKeyValue("namespace", made.getMetadata().getNamespace())
          .addKeyValue("session", made.getMetadata().getUid())
          .setCause(e)
          .log("a new session keeps its mark for now");
    }
    return new Outcome.Done(made);
  }

  private void giveUp(Session made, boolean shared) {
    if (shared) {
      return;
    }
    try {
      writer.delete(made, _ -> true);
    } catch (KubernetesClientException e) {
      LOG.atWarn()
          .addKeyValue("namespace", made.getMetadata().getNamespace())
          .addKeyValue("session", made.getMetadata().getUid())
          .setCause(e)
          .log("an object without a session stays until it is swept");
    }
  }
}
