package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Session;
import dev.rouse.api.wire.Body;
import dev.rouse.api.wire.InvalidBody;
import dev.rouse.log.AppendAnswer;
import dev.rouse.log.Room;
import dev.rouse.log.SessionLog;
import dev.rouse.log.SessionLogs;
import dev.rouse.server.http.BodyRefused;
import dev.rouse.server.http.Call;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.server.wire.WireError.Type;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.UserEvent;
import dev.rouse.session.protocol.BrainProtocol.Refusal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST …/events}: all of a request's events are taken in, or none.
 *
 * <p>With an {@code Idempotency-Key} a request counts at most once: repeated with the same body it
 * is answered as it was the first time, with another body it is refused with 409. An answer to a
 * call counts once even without a key. A session that has no log yet answers 409, too, which
 * clients repeat by themselves.
 */
final class Sending {

  private static final char SEPARATOR = '\n';

  private final SessionDoor door;
  private final SessionLogs logs;
  private final Consumer<String> appended;
  private final Ids ids;

  /**
   * Takes events in.
   *
   * @param appended told the UID of a session whose log has grown
   */
  Sending(SessionDoor door, SessionLogs logs, Consumer<String> appended, Ids ids) {
    this.door = door;
    this.logs = logs;
    this.appended = appended;
    this.ids = ids;
  }

  void send(Call call, Visitor visitor, String id)
      throws WireError, InvalidBody, BodyRefused, InterruptedException {
    // Some right is needed before a body is taken; which ones, the body says.
    @Nullable WireError notSend = null;
    Session session;
    try {
      session = door.open(visitor, Endpoint.EVENT_SEND, id);
    } catch (WireError e) {
      if (e.type() != Type.PERMISSION) {
        throw e;
      }
      notSend = e;
      session = approver(visitor, id, e);
    }
    SentEvents sent = SentEvents.of(Body.parse(call.body(SessionsApi.MAX_BODY)), ids);
    if (notSend != null && sent.sends()) {
      throw notSend;
    }
    if (visitor.isWorker() && !sent.isResults()) {
      throw new WireError(
          Type.PERMISSION,
          "events: a worker sends user.tool_result and user.custom_tool_result only");
    }
    if (notSend == null && sent.approves()) {
      visitor.require(
          Endpoint.EVENT_APPROVE,
          session.getMetadata().getNamespace(),
          session.getMetadata().getName());
    }
    call.answer(200, take(call, session, visitor.principal(), sent));
  }

  /** Who may approve may send approvals, even who may send nothing else. */
  private Session approver(Visitor visitor, String id, WireError notSend)
      throws WireError, InterruptedException {
    try {
      return door.open(visitor, Endpoint.EVENT_APPROVE, id);
    } catch (WireError e) {
      throw e.type() == Type.PERMISSION ? notSend : e;
    }
  }

  private ObjectNode take(Call call, Session session, String principal, SentEvents sent)
      throws WireError {
    String uid = session.getMetadata().getUid();
    SessionLog log = logs.of(LogKeys.of(session));
    List<UserEvent> events = sent.by(principal);
    checkThreads(log, events);
    return switch (log.receive(appendId(call, principal, uid), principal, events)) {
      case AppendAnswer.Refused(Refusal refusal) -> throw error(refusal, session, log);
      case AppendAnswer.Accepted accepted -> {
        appended.accept(uid);
        yield echo(accepted.records());
      }
    };
  }

  private String appendId(Call call, String principal, String uid) throws WireError {
    Optional<String> key = IdempotencyKey.of(call);
    if (key.isEmpty()) {
      return ids.next("send");
    }
    return "key-" + hash(principal + SEPARATOR + uid + SEPARATOR + key.get());
  }

  private static String hash(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The one thread that there is may be named. */
  private static void checkThreads(SessionLog log, List<UserEvent> events) throws WireError {
    for (int i = 0; i < events.size(); i++) {
      String named =
          switch (events.get(i)) {
            case UserEvent.Interrupt it -> it.sessionThreadId();
            case UserEvent.ToolConfirmation it -> it.sessionThreadId();
            case UserEvent.CustomToolResult it -> it.sessionThreadId();
            case UserEvent.ToolResult it -> it.sessionThreadId();
            case UserEvent.Message _, UserEvent.DefineOutcome _, UserEvent.SystemMessage _ -> null;
          };
      InternalEvent.Created created = named == null ? null : log.cachedState().created();
      if (created != null && !created.threadId().equals(named)) {
        throw WireError.invalid(
            "events.%d.session_thread_id: %s has one thread, %s"
                .formatted(i, log.key().describe(), created.threadId()));
      }
    }
  }

  private static ObjectNode echo(List<LogRecord> records) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode data = body.putArray("data");
    for (LogRecord record : records) {
      data.add(
          record.event() instanceof InternalEvent.Received received
              ? WireEvents.queued(received.event())
              : WireEvents.processed(record));
    }
    return body;
  }

  private static WireError error(Refusal refusal, Session session, SessionLog log) {
    return switch (refusal.code()) {
      case INVALID, GONE, BUDGET_REACHED -> WireError.invalid(refusal.message());
      case LOG_FULL ->
          new WireError(
              log.room() == Room.STORE_FULL ? Type.RATE_LIMIT : Type.TOO_LARGE, refusal.message());
      case APPEND_ID_REUSED ->
          WireError.conflict(
              "Idempotency-Key: it stood for another body in "
                  + log.key().describe()
                  + ": choose a new key for new events");
      case NEEDS_NEWER_VERSION -> new WireError(Type.NOT_IMPLEMENTED, refusal.message());
      case UNAVAILABLE, CONFLICT, INTERRUPTED, FENCED, POISONED, UNAUTHENTICATED ->
          SessionDoor.notNow(session, log, refusal);
    };
  }
}
