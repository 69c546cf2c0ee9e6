package dev.rouse.harness.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.harness.server.Refused;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.AgentSnapshot;
import dev.rouse.session.Budget;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Event;
import dev.rouse.session.EventCodec;
import dev.rouse.session.Fold;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.ListPrice;
import dev.rouse.session.LogRecord;
import dev.rouse.session.PinnedProvider;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SessionState;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.StopReason;
import dev.rouse.session.ThreadEvent;
import dev.rouse.session.ToolUse;
import dev.rouse.session.UserEvent;
import dev.rouse.session.protocol.BrainProtocol.Code;
import dev.rouse.session.protocol.BrainProtocol.CommitRequest;
import dev.rouse.session.protocol.BrainProtocol.Committed;
import dev.rouse.session.protocol.BrainProtocol.Refusal;
import dev.rouse.session.protocol.BrainProtocol.Wake;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One session's log in memory, with the server's rules: fence, head, interrupt, append id. */
public final class FakeSession {

  public static final String UID = "2f1e";
  public static final String THREAD = "sthr_1";

  private final List<LogRecord> records = new ArrayList<>();
  private final Fold fold = new Fold();
  private final Map<String, Committed> appended = new HashMap<>();
  private final Ids ids = Ids.from(new Random(7));
  private boolean full;
  private boolean deleted;

  public FakeSession(String toolsJson) {
    this(toolsJson, JsonNodeFactory.instance.objectNode().put("id", "claude"));
  }

  /**
   * @param model the agent's model, as the wire has it
   */
  public FakeSession(String toolsJson, ObjectNode model) {
    this(toolsJson, model, JsonNodeFactory.instance.objectNode(), provider(null, null), null);
  }

  /** One whose model reads and writes so many tokens at most, and 1,000 in its answer. */
  public static FakeSession reading(String toolsJson, int contextWindow) {
    return new FakeSession(
        toolsJson,
        JsonNodeFactory.instance.objectNode().put("id", "claude"),
        JsonNodeFactory.instance.objectNode(),
        provider(contextWindow, null),
        null);
  }

  /** One whose built-in tools a worker runs. */
  public static FakeSession selfHosted(String toolsJson) {
    ObjectNode environment = JsonNodeFactory.instance.objectNode();
    environment.putObject("spec").put("type", "self_hosted");
    return new FakeSession(
        toolsJson,
        JsonNodeFactory.instance.objectNode().put("id", "claude"),
        environment,
        provider(null, null),
        null);
  }

  /** A session that may cost so many cents. @param cents that each token costs */
  public static FakeSession budgeted(String toolsJson, String budget, long cents) {
    long price = cents * 10_000_000_000L;
    return new FakeSession(
        toolsJson,
        JsonNodeFactory.instance.objectNode().put("id", "claude"),
        JsonNodeFactory.instance.objectNode(),
        provider(null, new ListPrice(price, price, price, price)),
        Budget.ofCents(budget));
  }

  private FakeSession(
      String toolsJson,
      ObjectNode model,
      ObjectNode environment,
      PinnedProvider provider,
      @Nullable Budget budget) {
    append(
        0,
        List.of(
            new InternalEvent.Created(
                ids.event(),
                InternalEvent.Created.FORMAT,
                UID,
                "team",
                "fix",
                THREAD,
                new AgentSnapshot(
                    "agent_1", 1, "coder", null, model, "Be brief.", tools(toolsJson), Map.of()),
                environment,
                provider,
                null,
                null,
                budget == null ? null : budget.json())));
  }

  private static PinnedProvider provider(
      @Nullable Integer contextWindow, @Nullable ListPrice price) {
    return new PinnedProvider("vendor", "claude-upstream", 1000, contextWindow, price);
  }

  private static List<JsonNode> tools(String json) {
    try {
      List<JsonNode> tools = new ArrayList<>();
      EventCodec.JSON.readTree(json).forEach(tools::add);
      return tools;
    } catch (java.io.IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  // --- what a client does

  public synchronized String message(String text) {
    UserEvent.Message message =
        new UserEvent.Message(ids.event(), List.of(ContentBlock.text(text)));
    List<Event> events = new ArrayList<>();
    events.add(new InternalEvent.Received(ids.event(), message));
    if (!state().phase().isDue() && state().awaited().isEmpty()) {
      running(events);
    }
    append(state().epoch(), events);
    return message.id();
  }

  public synchronized void interrupt() {
    UserEvent.Interrupt interrupt = new UserEvent.Interrupt(ids.event(), null);
    SessionState now = state();
    List<Event> events = new ArrayList<>();
    if (now.phase().isDue() || !now.openToolUses().isEmpty()) {
      events.add(new InternalEvent.Received(ids.event(), interrupt));
      if (!now.phase().isDue()) {
        running(events);
      }
    } else {
      events.add(interrupt);
    }
    append(now.epoch(), events);
  }

  public synchronized void confirm(String toolUseId, String result, String denyMessage) {
    answer(
        new UserEvent.ToolConfirmation(ids.event(), toolUseId, result, denyMessage, null),
        toolUseId);
  }

  public synchronized void customResult(String toolUseId, String text) {
    answer(
        new UserEvent.CustomToolResult(
            ids.event(), toolUseId, List.of(ContentBlock.text(text)), null, null),
        toolUseId);
  }

  public synchronized void toolResult(String toolUseId, String text) {
    answer(
        new UserEvent.ToolResult(
            ids.event(), toolUseId, List.of(ContentBlock.text(text)), null, null),
        toolUseId);
  }

  private void answer(Event event, String toolUseId) {
    List<Event> events = new ArrayList<>(List.of(event));
    List<String> rest = new ArrayList<>(state().awaited());
    rest.remove(toolUseId);
    if (rest.isEmpty()) {
      running(events);
    } else {
      events.add(new SessionEvent.StatusIdle(ids.event(), StopReason.requiresAction(rest), null));
    }
    append(state().epoch(), events);
  }

  /** Raises the budget, which resumes what rested for it. */
  public synchronized void raise(String cents) {
    List<Event> events = new ArrayList<>();
    events.add(
        new SessionEvent.Updated(ids.event(), null, null, null, Budget.ofCents(cents).json()));
    if (StopReason.BUDGET_REACHED.equals(state().stopReason())) {
      running(events);
    }
    append(state().epoch(), events);
  }

  public synchronized void terminate() {
    append(state().epoch(), List.of(new SessionEvent.StatusTerminated(ids.event())));
  }

  /** From now on only results, idle and interrupts go through. */
  public synchronized void fill() {
    full = true;
  }

  public synchronized void delete() {
    deleted = true;
    notifyAll();
  }

  /** Appends as it is, for logs that another program wrote. */
  public synchronized void raw(Event... events) {
    append(state().epoch(), List.of(events));
  }

  private void running(List<Event> events) {
    events.add(new SessionEvent.StatusRunning(ids.event()));
    events.add(new ThreadEvent.StatusRunning(ids.event(), THREAD, "coder"));
  }

  // --- what a brain may ask

  public synchronized Wake wake(String podUid, String why) throws Refused {
    goneIfDeleted();
    SessionState now = state();
    if (!podUid.equals(now.podUid())) {
      if (now.wakesSinceProgress() >= 5) {
        throw refuse(Code.POISONED, "no progress");
      }
      append(
          now.epoch() + 1,
          List.of(new InternalEvent.Woken(ids.event(), now.epoch() + 1, podUid, why)));
    }
    return new Wake(state().epoch(), state().head());
  }

  public synchronized Committed commit(String podUid, CommitRequest request) throws Refused {
    goneIfDeleted();
    Committed before = appended.get(request.appendId());
    if (before != null) {
      return before;
    }
    SessionState now = state();
    if (now.epoch() != request.epoch() || !podUid.equals(now.podUid())) {
      throw refuse(Code.FENCED, "another brain has the session");
    }
    if (request.atHead() != null && request.atHead() != now.head()) {
      throw refuse(Code.CONFLICT, "the head moved");
    }
    boolean idles = request.events().stream().anyMatch(SessionEvent.StatusIdle.class::isInstance);
    if (idles && request.atHead() == null) {
      throw refuse(Code.INVALID, "an idle needs its head");
    }
    judgeInterrupt(now, request.events(), idles);
    judgeBudget(request.events());
    if (full && !idles && !request.events().stream().allMatch(FakeSession::isResult)) {
      throw refuse(Code.LOG_FULL, "the log is full");
    }
    List<Event> events = new ArrayList<>(request.events());
    if (idles) {
      long left =
          now.queued().keySet().stream()
              .filter(id -> request.events().stream().noneMatch(e -> e.id().equals(id)))
              .count();
      boolean rests =
          events.getLast() instanceof SessionEvent.StatusIdle idle
              && idle.stopReason().budgetReached();
      if (left > 0 && !rests) {
        running(events);
      }
    }
    List<LogRecord> own = append(request.epoch(), events);
    Committed committed = new Committed(state().head(), own);
    appended.put(request.appendId(), committed);
    return committed;
  }

  private void judgeInterrupt(SessionState now, List<Event> events, boolean idles) throws Refused {
    if (now.pendingInterrupt().isEmpty()) {
      return;
    }
    Set<String> taken = events.stream().map(Event::id).collect(Collectors.toSet());
    boolean consumes =
        now.queued().values().stream()
            .noneMatch(e -> e instanceof UserEvent.Interrupt && !taken.contains(e.id()));
    boolean starts =
        events.stream()
            .anyMatch(e ->
                e instanceof AgentEvent.Call
                    || e instanceof InternalEvent.Dispatched
                    || e instanceof SpanEvent.ModelRequestStart);
    if (starts || (idles && !consumes)) {
      throw refuse(Code.INTERRUPTED, "an interrupt waits");
    }
  }

  private void judgeBudget(List<Event> events) throws Refused {
    Fold then = fold.copy();
    long seq = records.size();
    for (Event event : events) {
      if (event instanceof SpanEvent.ModelRequestStart && then.state().isBudgetReached()) {
        throw refuse(Code.BUDGET_REACHED, "nothing is left");
      }
      then.add(LogRecord.of(seq++, Instant.EPOCH, 0, event));
    }
  }

  private static boolean isResult(Event event) {
    return event instanceof AgentEvent.ToolResult || event instanceof UserEvent.ToolResult;
  }

  public synchronized List<LogRecord> read(long from) throws Refused {
    goneIfDeleted();
    return List.copyOf(records.subList((int) Math.min(from, records.size()), records.size()));
  }

  /** Waits a little for records from {@code from} on. */
  public synchronized List<LogRecord> awaitFrom(long from) throws Refused, InterruptedException {
    for (int i = 0; i < 20 && records.size() <= from; i++) {
      wait(1);
    }
    return read(from);
  }

  public synchronized void requireCurrent(String podUid) throws Refused {
    goneIfDeleted();
    if (!podUid.equals(state().podUid())) {
      throw refuse(Code.FENCED, "another brain has the session");
    }
  }

  private void goneIfDeleted() throws Refused {
    if (deleted) {
      throw refuse(Code.GONE, "the session was deleted");
    }
  }

  private static Refused refuse(Code code, String message) {
    return new Refused(new Refusal(code, message, null));
  }

  private synchronized List<LogRecord> append(int epoch, List<Event> events) {
    List<LogRecord> added = new ArrayList<>();
    for (Event event : events) {
      long seq = records.size();
      LogRecord record = LogRecord.of(seq, Instant.EPOCH.plusNanos(1000 * (seq + 1)), epoch, event);
      records.add(record);
      fold.add(record);
      added.add(record);
    }
    notifyAll();
    return added;
  }

  // --- what a test looks at

  public synchronized SessionState state() {
    return fold.state();
  }

  public synchronized List<Event> events() {
    return records.stream().map(LogRecord::event).toList();
  }

  public <T extends Event> List<T> events(Class<T> type) {
    return events().stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** The wire names of all public events, in order. */
  public List<String> types() {
    return events().stream()
        .map(EventCodec::typeOf)
        .filter(type -> !type.startsWith("rouse."))
        .toList();
  }

  public ToolUse openToolUse() {
    return state().openToolUses().values().iterator().next();
  }
}
