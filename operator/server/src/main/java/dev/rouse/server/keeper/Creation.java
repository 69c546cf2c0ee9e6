package dev.rouse.server.keeper;

import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import dev.rouse.log.AppendAnswer;
import dev.rouse.log.LogException;
import dev.rouse.log.OutcomeUnknown;
import dev.rouse.log.SessionLogs;
import dev.rouse.server.keeper.Outcome.Why;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.server.resource.SessionWriter;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.UserEvent;
import dev.rouse.session.protocol.BrainProtocol.Code;
import dev.rouse.session.protocol.BrainProtocol.Refusal;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
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
 */
public final class Creation {

  private static final Logger LOG = LoggerFactory.getLogger(Creation.class);

  private static final int SLUG = 31;
  private static final int RANDOM = 8;

  /** Stands in a draft until the API server has given a UID. */
  private static final String NO_UID = new UUID(0, 0).toString();

  private final SessionWriter writer;
  private final SessionLogs logs;
  private final Beginning beginning;
  private final Ids ids;

  Creation(SessionWriter writer, SessionLogs logs, Beginning beginning, Ids ids) {
    this.writer = writer;
    this.logs = logs;
    this.beginning = beginning;
    this.ids = ids;
  }

  /**
   * Makes a session.
   *
   * @param principal who asks
   * @param input taken in with record 0, all of it or nothing
   * @throws LogException when the log cannot be written; whether the session exists is unknown only
   *     with {@link OutcomeUnknown}
   * @throws KubernetesClientException when the API server refuses the object
   */
  public Outcome create(
      String namespace, String principal, SessionSpec spec, List<UserEvent> input) {
    Session draft = draft(namespace, spec);
    return switch (beginning.of(draft)) {
      case Beginning.Answer.Missing(String message) -> new Outcome.Refused(Why.INVALID, message);
      case Beginning.Answer.Lost(String message) -> new Outcome.Refused(Why.INVALID, message);
      case Beginning.Answer.Ready(var created) -> begin(draft, created, principal, input);
    };
  }

  private Outcome begin(
      Session draft, InternalEvent.Created created, String principal, List<UserEvent> input) {
    draft.getMetadata().setUid(null);
    Session made = writer.create(draft);
    if (!held(made)) {
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
      giveUp(made);
      throw e;
    }
    if (answer instanceof AppendAnswer.Refused(Refusal refusal)) {
      giveUp(made);
      return new Outcome.Refused(
          refusal.code() == Code.LOG_FULL ? Why.FULL : Why.INVALID, refusal.message());
    }
    finish(made);
    return new Outcome.Done(made);
  }

  /** Before the log begins, so that none is ever left without an object. */
  private boolean held(Session made) {
    try {
      return writer.hold(made);
    } catch (KubernetesClientException | IllegalStateException e) {
      giveUp(made);
      throw e;
    }
  }

  /** The session exists whether or not the mark can be taken away now. */
  private void finish(Session made) {
    try {
      writer.unmark(made);
    } catch (KubernetesClientException e) {
      LOG.atWarn()
          .addKeyValue("namespace", made.getMetadata().getNamespace())
          .addKeyValue("session", made.getMetadata().getUid())
          .setCause(e)
          .log("a new session keeps its mark for now");
    }
  }

  private void giveUp(Session made) {
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

  private Session draft(String namespace, SessionSpec spec) {
    Session draft = new Session();
    draft.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(namespace)
            .withName(name(spec))
            .withUid(NO_UID)
            .addToAnnotations(Rouse.CREATING_ANNOTATION, "true")
            .build());
    draft.setSpec(spec);
    return draft;
  }

  /** For people to recognise, and unlike any other. */
  private String name(SessionSpec spec) {
    String slug =
        Optional.ofNullable(spec.title())
            .map(Creation::slug)
            .filter(text -> !text.isEmpty())
            .orElseGet(() -> slug(spec.agentRef().name()));
    String random = ids.next("name").toLowerCase(Locale.ROOT);
    return (slug.isEmpty() ? "session" : slug) + "-" + random.substring(random.length() - RANDOM);
  }

  private static String slug(String text) {
    String plain =
        Objects.requireNonNull(text)
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-+", "");
    return plain.substring(0, Math.min(SLUG, plain.length())).replaceAll("-+$", "");
  }
}
