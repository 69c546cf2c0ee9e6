package dev.rouse.server.brain;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import dev.rouse.log.AppendAnswer;
import dev.rouse.log.Follower;
import dev.rouse.log.LogCorrupt;
import dev.rouse.log.LogDeleted;
import dev.rouse.log.LogException;
import dev.rouse.log.LogTooLarge;
import dev.rouse.log.LogTooNew;
import dev.rouse.log.LogUnavailable;
import dev.rouse.log.OutcomeUnknown;
import dev.rouse.log.SessionLog;
import dev.rouse.log.SessionLogs;
import dev.rouse.log.WakeAnswer;
import dev.rouse.server.auth.ReviewUnavailable;
import dev.rouse.server.auth.Reviews;
import dev.rouse.server.brain.BrainGate.Brain;
import dev.rouse.server.brain.Refusals.What;
import dev.rouse.server.http.BodyRefused;
import dev.rouse.server.http.Call;
import dev.rouse.server.http.CallHandler;
import dev.rouse.server.http.PathTemplate;
import dev.rouse.server.http.ResponseStream;
import dev.rouse.server.http.ServerSentEvents;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.server.resource.Sessions;
import dev.rouse.server.resource.StatusWriter;
import dev.rouse.server.resource.TicketKeys;
import dev.rouse.session.EventCodec;
import dev.rouse.session.LogRecord;
import dev.rouse.session.SessionState;
import dev.rouse.session.protocol.BrainProtocol;
import dev.rouse.session.protocol.BrainProtocol.Code;
import dev.rouse.session.protocol.BrainProtocol.CommitRequest;
import dev.rouse.session.protocol.BrainProtocol.Committed;
import dev.rouse.session.protocol.BrainProtocol.HandsRequest;
import dev.rouse.session.protocol.BrainProtocol.Refusal;
import dev.rouse.session.protocol.BrainProtocol.WakeRequest;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The endpoints of {@link BrainProtocol}. */
public final class BrainApi implements CallHandler {

  private static final Logger LOG = LoggerFactory.getLogger(BrainApi.class);

  public static final String PREFIX = "/internal/v1/";

  private static final PathTemplate TEMPLATE = new PathTemplate(PREFIX + "sessions/{uid}/{what}");

  /** A commit may hold a tool's whole output. */
  static final int COMMIT_BYTES = 32 * 1024 * 1024;

  private static final int SMALL_BYTES = 1024 * 1024;
  private static final int ALL = Integer.MAX_VALUE;
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final BrainGate gate;
  private final SessionLogs logs;
  private final HandsDesk desk;
  private final Deltas deltas;
  private final Appended appended;
  private final Refusals refusals;

  public BrainApi(
      Reviews reviews,
      Sessions sessions,
      SessionLogs logs,
      StatusWriter writer,
      TicketKeys keys,
      Deltas deltas,
      Appended appended,
      Refusals refusals) {
    this.gate = new BrainGate(reviews, sessions);
    this.logs = logs;
    this.desk = new HandsDesk(sessions, writer, keys);
    this.deltas = deltas;
    this.appended = appended;
    this.refusals = refusals;
  }

  @Override
  public void handle(Call call) throws Exception {
    try {
      route(call);
    } catch (Refused e) {
      refuse(call, e.refusal());
    } catch (BodyRefused e) {
      switch (e.why()) {
        case TOO_LARGE -> call.answer(413, new Refusal(Code.INVALID, message(e), null));
        case TOO_SLOW, BROKEN -> call.answer(400, new Refusal(Code.INVALID, message(e), null));
        case NO_ROOM -> call.answer(529, new Refusal(Code.UNAVAILABLE, message(e), null));
      }
    } catch (LogException e) {
      if (call.isAnswered()) {
        throw e;
      }
      refuse(call, refusal(call, e));
    } catch (ReviewUnavailable | KubernetesClientException e) {
      LOG.atWarn().addKeyValue("requestId", call.requestId()).setCause(e).log("not answered");
      refuse(call, new Refusal(Code.UNAVAILABLE, "the API server did not answer: try again", null));
    }
  }

  /** Says that nothing can be answered now, in the form that brains understand. */
  public static void fail(Call call, int status, String message) {
    call.answer(status, new Refusal(Code.UNAVAILABLE, message, null));
  }

  private void route(Call call) throws Exception {
    Optional<List<String>> places = TEMPLATE.match(call.path());
    String uid = places.map(List::getFirst).orElse("");
    What what = what(call);
    if (what != What.OTHER) {
      String last = what.name().toLowerCase(Locale.ROOT);
      call.routed(call.method() + " " + PREFIX + "sessions/{uid}/" + last);
    }
    switch (what) {
      case WAKE -> wake(call, uid);
      case RECORDS -> records(call, uid);
      case COMMITS -> commit(call, uid);
      case HANDS -> hands(call, uid);
      case DELTAS -> deltas(call, uid);
      case OTHER ->
          call.answer(
              404,
              new Refusal(Code.INVALID, "there is no " + call.method() + " " + call.path(), null));
    }
  }

  private static What what(Call call) {
    return switch (call.method()
        + " "
        + TEMPLATE.match(call.path()).map(List::getLast).orElse("")) {
      case "POST wake" -> What.WAKE;
      case "GET records" -> What.RECORDS;
      case "POST commits" -> What.COMMITS;
      case "POST hands" -> What.HANDS;
      case "POST deltas" -> What.DELTAS;
      default -> What.OTHER;
    };
  }

  /** Former brains that the operator saw taken away. */
  private static Set<String> excused(Session session) {
    SessionStatus status = session.getStatus();
    return status == null || status.harness() == null
        ? Set.of()
        : Set.copyOf(status.harness().excused());
  }

  private void wake(Call call, String uid) throws Exception {
    Brain brain = gate.admitPatiently(call, uid);
    WakeRequest request = read(call, SMALL_BYTES, WakeRequest.class);
    String why = Optional.ofNullable(request.why()).orElse("");
    WakeAnswer answer = log(brain).wake(brain.podUid(), why, excused(brain.session()));
    appended.appended(uid);
    switch (answer) {
      case WakeAnswer.Granted(BrainProtocol.Wake wake) -> {
        LOG.atInfo()
            .addKeyValue("namespace", brain.session().getMetadata().getNamespace())
            .addKeyValue("session", uid)
            .addKeyValue("epoch", wake.epoch())
            .addKeyValue("pod", brain.podUid())
            .log("woken");
        call.answer(200, wake);
      }
      case WakeAnswer.Refused(Refusal refusal) -> refuse(call, refusal);
    }
  }

  private void records(Call call, String uid) throws Exception {
    Brain brain = gate.admit(call, uid);
    long from = from(call);
    if (call.query("follow").filter("true"::equals).isPresent()) {
      follow(call, log(brain), from);
      return;
    }
    try (Stream<LogRecord> records = log(brain).read(from, ALL);
        ResponseStream out = call.whole("application/x-ndjson")) {
      write(records, out);
    } catch (IOException e) {
      LOG.atDebug().addKeyValue("session", uid).setCause(e).log("a brain stopped reading");
    }
  }

  /** Who decides by a part of the log as if it were the whole does things twice. */
  private static void write(Stream<LogRecord> records, ResponseStream out)
      throws IOException, InterruptedException {
    boolean whole = false;
    try {
      for (Iterator<LogRecord> next = records.iterator(); next.hasNext(); ) {
        out.write((EventCodec.JSON.writeValueAsString(next.next()) + "\n").getBytes(UTF_8));
      }
      whole = true;
    } finally {
      if (!whole) {
        out.cut();
      }
    }
  }

  private void follow(Call call, SessionLog log, long from) throws InterruptedException {
    try (Follower follower = log.follow(from);
        ResponseStream out = call.stream(ServerSentEvents.CONTENT_TYPE)) {
      out.write(ServerSentEvents.comment(" connected"));
      while (out.isOpen() && !follower.ended()) {
        List<LogRecord> records = follower.next(HEARTBEAT);
        if (records.isEmpty()) {
          out.write(ServerSentEvents.comment("keepalive"));
        }
        for (LogRecord record : records) {
          out.write(ServerSentEvents.numbered(record.seq(), record));
        }
      }
    } catch (IOException e) {
      LOG.atDebug().addKeyValue("session", log.key().sessionUid()).log("a brain stopped following");
    }
  }

  private void commit(Call call, String uid) throws Exception {
    Brain brain = gate.admit(call, uid);
    CommitRequest request = read(call, COMMIT_BYTES, CommitRequest.class);
    if (request.appendId() == null || request.appendId().isEmpty()) {
      throw Refused.of(Code.INVALID, "appendId: must be chosen by the caller");
    }
    switch (log(brain).appendAsBrain(brain.podUid(), request)) {
      case AppendAnswer.Accepted(long head, List<LogRecord> records) -> {
        appended.appended(uid);
        call.answer(200, new Committed(head, records));
      }
      case AppendAnswer.Refused(Refusal refusal) -> refuse(call, refusal);
    }
  }

  private void hands(Call call, String uid) throws Exception {
    Brain brain = gate.admit(call, uid);
    HandsRequest request = read(call, SMALL_BYTES, HandsRequest.class);
    fence(brain, request.epoch());
    switch (desk.hands(uid, request)) {
      case HandsDesk.Answer.Ready(BrainProtocol.Hands hands) -> call.answer(200, hands);
      case HandsDesk.Answer.Pending(BrainProtocol.HandsPending pending) ->
          call.answer(202, pending);
    }
  }

  private void deltas(Call call, String uid) throws Exception {
    Brain brain = gate.admit(call, uid);
    BrainProtocol.Deltas request = read(call, SMALL_BYTES, BrainProtocol.Deltas.class);
    SessionState state = fence(brain, request.epoch());
    String span = request.span();
    if (span != null && !span.equals(state.openSpan())) {
      // What opened it may have gone through another server.
      state = log(brain).state();
    }
    // Of a request that is closed they come too late.
    if (span != null && span.equals(state.openSpan())) {
      deltas.show(uid, span, state.head(), request.events());
    }
    call.answerNothing(204);
  }

  /**
   * Refuses a brain whose epoch is over, for calls that append nothing.
   *
   * @return the state in which it is not
   */
  private SessionState fence(Brain brain, int epoch) throws Refused {
    SessionLog log = log(brain);
    SessionState state = log.cachedState();
    if (!has(state, brain, epoch)) {
      state = log.state();
    }
    if (!has(state, brain, epoch)) {
      throw Refused.of(
          Code.FENCED, log.key().describe() + " is not in epoch " + epoch + " of this pod: exit");
    }
    return state;
  }

  private static boolean has(SessionState state, Brain brain, int epoch) {
    return state.epoch() == epoch && brain.podUid().equals(state.podUid());
  }

  private SessionLog log(Brain brain) {
    return logs.of(LogKeys.of(brain.session()));
  }

  private static long from(Call call) throws Refused {
    String from = call.query("from").orElse("0");
    if (!from.matches("[0-9]{1,18}")) {
      throw Refused.of(Code.INVALID, "from: must be a sequence number");
    }
    return Long.parseLong(from);
  }

  private static <T> T read(Call call, int limit, Class<T> type)
      throws Refused, BodyRefused, InterruptedException, IOException {
    try {
      T value = EventCodec.JSON.readValue(call.body(limit), type);
      if (value == null) {
        throw Refused.of(Code.INVALID, "the body must be a JSON object");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw Refused.of(Code.INVALID, "the body cannot be read: " + e.getOriginalMessage());
    } catch (NullPointerException | IllegalArgumentException e) {
      throw Refused.of(Code.INVALID, "the body cannot be read: " + e.getMessage());
    }
  }

  private void refuse(Call call, Refusal refusal) {
    refusals.refused(what(call), refusal.code());
    call.answer(Refused.status(refusal.code()), refusal);
  }

  private static Refusal refusal(Call call, LogException e) {
    LOG.atWarn().addKeyValue("requestId", call.requestId()).setCause(e).log("the log refused");
    Code code =
        switch (e) {
          case LogUnavailable _, OutcomeUnknown _, LogCorrupt _ -> Code.UNAVAILABLE;
          case LogDeleted _ -> Code.GONE;
          case LogTooLarge _ -> Code.INVALID;
          case LogTooNew _ -> Code.NEEDS_NEWER_VERSION;
        };
    return new Refusal(code, message(e), null);
  }

  private static String message(Exception e) {
    return Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
  }
}
