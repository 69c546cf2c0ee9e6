package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import dev.rouse.api.WireIds;
import dev.rouse.api.wire.Body;
import dev.rouse.api.wire.BudgetWire;
import dev.rouse.api.wire.InvalidBody;
import dev.rouse.api.wire.Metadata;
import dev.rouse.log.AppendAnswer;
import dev.rouse.log.SessionLog;
import dev.rouse.log.SessionLogs;
import dev.rouse.log.Source;
import dev.rouse.server.http.BodyRefused;
import dev.rouse.server.http.Call;
import dev.rouse.server.http.ResponseStream;
import dev.rouse.server.keeper.Outcome;
import dev.rouse.server.keeper.SessionKeeper;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.server.resource.RequestKey;
import dev.rouse.server.wire.WireError.Type;
import dev.rouse.session.LogRecord;
import dev.rouse.session.SessionState;
import dev.rouse.session.portable.FileFault;
import dev.rouse.session.portable.FileHeader;
import dev.rouse.session.portable.RecordLine;
import dev.rouse.session.portable.SessionFileWriter;
import dev.rouse.session.protocol.BrainProtocol.Refusal;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Taking sessions out, bringing them in, forking and moving them: {@code /rouse/v1/sessions},
 * beside the public contract, which has no such calls.
 */
final class CopiesApi implements Section {

  private static final Logger LOG = LoggerFactory.getLogger(CopiesApi.class);

  private static final String LINES = "application/x-ndjson";

  /** One record may be as long as the longest event. */
  private static final int MAX_RECORDS = 128 * 1024 * 1024;

  private static final int MAX_BODY = 256 * 1024;
  private static final int ALL = Integer.MAX_VALUE;
  private static final int NAME = 253;
  private static final String NAMES = "[a-z0-9]([-a-z0-9.]*[a-z0-9])?";

  private final SessionDoor door;
  private final SessionLogs logs;
  private final SessionKeeper keeper;
  private final Clock clock;

  CopiesApi(SessionDoor door, SessionLogs logs, SessionKeeper keeper, Clock clock) {
    this.door = door;
    this.logs = logs;
    this.keeper = keeper;
    this.clock = clock;
  }

  @Override
  public void handle(Endpoint endpoint, List<String> places, Visitor visitor, Call call)
      throws WireError, InvalidBody, BodyRefused, InterruptedException {
    switch (endpoint) {
      case IMPORT, IMPORT_SESSION -> begin(visitor, call);
      case IMPORT_RECORDS ->
          records(open(visitor, Endpoint.IMPORT_RECORDS, places.getFirst()), visitor, call);
      case IMPORT_END ->
          end(visitor.session(Endpoint.IMPORT_END, places.getFirst()), visitor, call);
      case EXPORT -> export(door.open(visitor, Endpoint.EXPORT, places.getFirst()), call);
      case FORK, FORK_SESSION -> {
        Session source = door.open(visitor, Endpoint.FORK, places.getFirst());
        visitor.require(Endpoint.FORK_SESSION, visitor.workspace(), null);
        fork(source, visitor, call);
      }
      case MOVE -> move(door.open(visitor, Endpoint.MOVE, places.getFirst()), visitor, call);
      default -> throw new IllegalStateException(endpoint + " is not of this section");
    }
  }

  private void export(Session session, Call call) throws WireError, InterruptedException {
    SessionLog log = logs.of(LogKeys.of(session));
    SessionState state = log.state();
    if (!state.exists()) {
      throw notBegun(session);
    }
    SessionFileWriter file = new SessionFileWriter();
    ResponseStream out = call.whole(LINES);
    try (Stream<LogRecord> records = log.read(0, (int) Math.min(ALL, state.head() + 1))) {
      out.write(
          file.header(
              FileHeader.of(
                      session.getMetadata().getUid(),
                      session.getMetadata().getNamespace(),
                      session.getMetadata().getName(),
                      session.getSpec().agentRef().name(),
                      session.getSpec().environmentRef().name(),
                      state.title(),
                      state.metadata(),
                      state.head(),
                      clock.instant())
                  .withBudget(state.budget())));
      for (Iterator<LogRecord> it = records.iterator(); it.hasNext(); ) {
        out.write(file.record(it.next()));
      }
      out.write(file.end());
      out.close();
    } catch (IOException e) {
      LOG.atInfo()
          .addKeyValue("requestId", call.requestId())
          .log("an export was not read to its end");
    } finally {
      // Does nothing after a good end; else the client is not to take what it has for the whole.
      out.cut();
    }
  }

  private void begin(Visitor visitor, Call call)
      throws WireError, InvalidBody, BodyRefused, InterruptedException {
    String workspace = visitor.workspace();
    visitor.require(Endpoint.IMPORT, workspace, null);
    visitor.require(Endpoint.IMPORT_SESSION, workspace, null);
    byte[] bytes = call.body(MAX_BODY);
    Body body = Body.parse(bytes);
    String name = name(body, "name");
    String agent = body.requiredText("agent", 1, NAME);
    String environment = body.requiredText("environment", 1, NAME);
    @Nullable String title = SessionRequest.title(body);
    Map<String, String> metadata = Metadata.merge(Map.of(), body, false);
    SessionSpec.@Nullable Budget budget = BudgetWire.read(body);
    body.refuseUnknown();
    @Nullable RequestKey key = IdempotencyKey.of(call, visitor, bytes);
    if (key == null) {
      throw WireError.invalid(
          "Idempotency-Key: an import needs one, so that it can go on after a failure");
    }
    SessionSpec spec =
        new SessionSpec(
            new SessionSpec.AgentRef(agent, null),
            new SessionSpec.EnvironmentRef(environment),
            title,
            metadata,
            List.of(),
            null,
            null,
            null,
            null,
            budget);
    Session session = done(keeper.copies().begin(workspace, name, spec, key));
    call.answer(200, standing(session));
  }

  private void records(Session session, Visitor visitor, Call call)
      throws WireError, BodyRefused, InterruptedException {
    List<LogRecord> records = parse(call.body(MAX_RECORDS));
    AppendAnswer answer = keeper.copies().append(session, visitor.principal(), records);
    if (answer instanceof AppendAnswer.Refused(Refusal refusal)) {
      throw error(refusal, session);
    }
    call.answer(200, standing(session));
  }

  private static List<LogRecord> parse(byte[] body) throws WireError {
    List<LogRecord> records = new ArrayList<>();
    for (int from = 0; from < body.length; ) {
      int end = from;
      while (end < body.length && body[end] != '\n') {
        end++;
      }
      try {
        LogRecord record = RecordLine.read(Arrays.copyOfRange(body, from, end));
        if (!records.isEmpty() && record.seq() != records.getLast().seq() + 1) {
          throw new FileFault("seq: record " + record.seq() + " does not follow the one before");
        }
        records.add(record);
      } catch (FileFault e) {
        throw WireError.invalid("line " + (records.size() + 1) + ": " + e.getMessage());
      }
      from = end + 1;
    }
    if (records.isEmpty()) {
      throw WireError.invalid("the body holds no record: send one in each line");
    }
    return records;
  }

  private void end(Session session, Visitor visitor, Call call)
      throws WireError, InvalidBody, BodyRefused, InterruptedException {
    Body body = Body.parse(call.body(MAX_BODY));
    Source.Kind kind =
        Source.Kind.valueOf(body.word("kind", "import", "move").toUpperCase(Locale.ROOT));
    long head = head(body);
    Body source = body.requiredObject("source");
    Source origin =
        new Source(kind, source.requiredText("namespace", 1, NAME), name(source, "name"));
    source.refuseUnknown();
    body.refuseUnknown();
    if (!keeper.copies().isOpen(session) && !logs.of(LogKeys.of(session)).state().exists()) {
      throw noImport(session);
    }
    Session made = done(keeper.copies().complete(session, visitor.principal(), origin, head));
    keeper.appended(made.getMetadata().getUid());
    call.answer(200, standing(made));
  }

  private void fork(Session source, Visitor visitor, Call call)
      throws WireError, InvalidBody, BodyRefused, InterruptedException {
    Body body = Body.parse(call.body(MAX_BODY));
    @Nullable String name = body.has("name") ? name(body, "name") : null;
    @Nullable Long seq = body.has("seq") ? Long.valueOf(number(body, "seq")) : null;
    @Nullable String event = body.text("event_id", 1, 128);
    if (seq != null && event != null) {
      throw WireError.invalid("seq, event_id: give one of them");
    }
    body.refuseUnknown();
    SessionSpec.ForkFrom from =
        new SessionSpec.ForkFrom(source.getMetadata().getName(), seq, event);
    Session made = done(keeper.copies().fork(source, visitor.principal(), from, name));
    keeper.appended(made.getMetadata().getUid());
    call.answer(200, standing(made));
  }

  private void move(Session session, Visitor visitor, Call call)
      throws WireError, InvalidBody, BodyRefused, InterruptedException {
    Body body = Body.parse(call.body(MAX_BODY));
    long head = head(body);
    Body place = body.requiredObject("target");
    ObjectNode target = JsonNodeFactory.instance.objectNode();
    target.put("namespace", place.requiredText("namespace", 1, NAME));
    target.put("name", name(place, "name"));
    @Nullable String where = place.text("where", 1, 1024);
    if (where != null) {
      target.put("where", where);
    }
    place.refuseUnknown();
    body.refuseUnknown();
    SessionLog log = logs.of(LogKeys.of(session));
    AppendAnswer answer = log.copy().moveTo(visitor.principal(), target, head);
    if (answer instanceof AppendAnswer.Refused(Refusal refusal)) {
      throw error(refusal, session);
    }
    keeper.appended(session.getMetadata().getUid());
    call.answer(200, standing(session));
  }

  /** An import that is under way; what is whole, or somebody else's, takes no records. */
  private Session open(Visitor visitor, Endpoint endpoint, String id)
      throws WireError, InterruptedException {
    Session session = visitor.session(endpoint, id);
    if (!keeper.copies().isOpen(session)) {
      throw noImport(session);
    }
    return session;
  }

  /** What there is of a copy. */
  private ObjectNode standing(Session session) {
    SessionLog log = logs.of(LogKeys.of(session));
    boolean whole = log.state().exists();
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", WireIds.session(session.getMetadata().getUid()))
        .put("name", session.getMetadata().getName())
        .put("namespace", session.getMetadata().getNamespace())
        .put("head", log.copy().state().head())
        .put("complete", whole);
  }

  private static Session done(Outcome outcome) throws WireError {
    return switch (outcome) {
      case Outcome.Done(Session session) -> session;
      case Outcome.Refused refused ->
          throw switch (refused.why()) {
            case INVALID -> WireError.invalid(refused.message());
            case MANAGED_ELSEWHERE, KEY_USED -> WireError.conflict(refused.message());
            case BUSY -> WireError.notNow(refused.message());
            case GONE -> WireError.notFound(refused.message());
            case FULL -> new WireError(Type.TOO_LARGE, refused.message());
          };
    };
  }

  private WireError error(Refusal refusal, Session session) {
    return switch (refusal.code()) {
      case CONFLICT -> WireError.conflict(refusal.message());
      case LOG_FULL -> new WireError(Type.TOO_LARGE, refusal.message());
      case UNAVAILABLE -> SessionDoor.notNow(session, logs.of(LogKeys.of(session)), refusal);
      case GONE,
          INVALID,
          BUDGET_REACHED,
          NEEDS_NEWER_VERSION,
          APPEND_ID_REUSED,
          INTERRUPTED,
          FENCED,
          POISONED,
          UNAUTHENTICATED ->
          WireError.invalid(refusal.message());
    };
  }

  private static WireError notBegun(Session session) {
    return WireError.notFound(
        "session %s/%s has not begun: see the conditions of the Session object"
            .formatted(session.getMetadata().getNamespace(), session.getMetadata().getName()));
  }

  private static WireError noImport(Session session) {
    return WireError.conflict(
        "session %s/%s is not being imported: begin an import under another name"
            .formatted(session.getMetadata().getNamespace(), session.getMetadata().getName()));
  }

  private static String name(Body body, String field) throws InvalidBody {
    String name = body.requiredText(field, 1, NAME);
    if (!name.matches(NAMES)) {
      throw body.wrong(field, "must be the name of an object: a-z, 0-9, - and .");
    }
    return name;
  }

  private static long head(Body body) throws InvalidBody {
    return number(body, "head");
  }

  private static long number(Body body, String field) throws InvalidBody {
    var value = body.required(field);
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
      throw body.wrong(field, "must be a whole number from 0");
    }
    return value.longValue();
  }
}
