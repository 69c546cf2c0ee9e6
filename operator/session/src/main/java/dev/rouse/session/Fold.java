package dev.rouse.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code state = fold(records)}: feed it a log's records in order, ask for the state at any time.
 *
 * <p>Deterministic and without side effects outside itself; not safe for use by several threads.
 * Adding a record costs the same wherever it stands in the log; {@link #state} copies references.
 */
public final class Fold {

  private long head = -1;
  private Instant lastAt = Instant.EPOCH;
  private InternalEvent.@Nullable Created created;
  private @Nullable AgentSnapshot agent;
  private @Nullable String title;
  private Map<String, String> metadata = Map.of();
  private int epoch;
  private @Nullable String podUid;
  private Phase phase = Phase.PENDING;
  private @Nullable StopReason stopReason;
  private @Nullable Instant terminatedAt;
  private Duration active = Duration.ZERO;
  private List<Entry> transcript = new ArrayList<>();
  private @Nullable String summary;
  private long contextTokens;
  private final Map<String, ToolUse> open = new LinkedHashMap<>();
  private final Map<String, Event> queued = new LinkedHashMap<>();
  private @Nullable String openSpan;
  private @Nullable ModelUsage openSpanEstimate;
  private ModelUsage usage = ModelUsage.ZERO;
  private @Nullable Budget budget;
  private final Set<String> delivered = new LinkedHashSet<>();
  private List<String> wokenSinceProgress = List.of();
  private long settledSeq = -1;
  private @Nullable String home;
  private @Nullable JsonNode movedTo;
  private @Nullable String unreadable;

  private record Entry(long seq, Event event) {}

  /** The state after these records, from the start of a log. */
  public static SessionState of(Iterable<LogRecord> records) {
    Fold fold = new Fold();
    records.forEach(fold::add);
    return fold.state();
  }

  /** A fold that stands where this one stands and goes its own way from here. */
  public Fold copy() {
    Fold copy = new Fold();
    copy.head = head;
    copy.lastAt = lastAt;
    copy.created = created;
    copy.agent = agent;
    copy.title = title;
    copy.metadata = metadata;
    copy.epoch = epoch;
    copy.podUid = podUid;
    copy.phase = phase;
    copy.stopReason = stopReason;
    copy.terminatedAt = terminatedAt;
    copy.active = active;
    copy.transcript = new ArrayList<>(transcript);
    copy.summary = summary;
    copy.contextTokens = contextTokens;
    copy.open.putAll(open);
    copy.queued.putAll(queued);
    copy.openSpan = openSpan;
    copy.openSpanEstimate = openSpanEstimate;
    copy.usage = usage;
    copy.budget = budget;
    copy.delivered.addAll(delivered);
    copy.wokenSinceProgress = wokenSinceProgress;
    copy.settledSeq = settledSeq;
    copy.home = home;
    copy.movedTo = movedTo;
    copy.unreadable = unreadable;
    return copy;
  }

  /**
   * Takes the next record.
   *
   * @throws IllegalArgumentException when {@code record} is not the one after the last
   */
  public Fold add(LogRecord record) {
    if (record.seq() != head + 1) {
      throw new IllegalArgumentException(
          "record " + record.seq() + " cannot follow record " + head + ": a log has no gaps");
    }
    head = record.seq();
    if (phase.isDue() && record.at().isAfter(lastAt)) {
      active = active.plus(Duration.between(lastAt, record.at()));
    }
    lastAt = record.at();
    queued.remove(record.event().id());
    switch (record.event()) {
      case UserEvent event -> user(record.seq(), event);
      case AgentEvent event -> agent(record.seq(), event);
      case SessionEvent event -> session(event);
      case SpanEvent event -> span(event);
      case InternalEvent event -> internal(event);
      case ThreadEvent _, WorkflowEvent _ -> {}
      case UnknownEvent event -> {
        if (record.critical()) {
          unreadable = event.type();
        }
      }
    }
    return this;
  }

  private void user(long seq, UserEvent event) {
    wokenSinceProgress = List.of();
    switch (event) {
      case UserEvent.Message _, UserEvent.SystemMessage _ -> transcript.add(new Entry(seq, event));
      case UserEvent.CustomToolResult result -> answered(seq, result.customToolUseId(), event);
      case UserEvent.ToolResult result -> answered(seq, result.toolUseId(), event);
      case UserEvent.ToolConfirmation answer ->
          open.computeIfPresent(answer.toolUseId(), (_, use) -> use.confirmed(answer));
      case UserEvent.Interrupt _, UserEvent.DefineOutcome _ -> {}
    }
  }

  private void agent(long seq, AgentEvent event) {
    wokenSinceProgress = List.of();
    switch (event) {
      case AgentEvent.Call call -> {
        open.put(call.id(), new ToolUse(call, null, null, isSelfHosted()));
        transcript.add(new Entry(seq, call));
      }
      case AgentEvent.ToolResult result -> answered(seq, result.toolUseId(), event);
      case AgentEvent.McpToolResult result -> answered(seq, result.mcpToolUseId(), event);
      case AgentEvent.Message _ -> transcript.add(new Entry(seq, event));
      case AgentEvent.Thinking _,
          AgentEvent.ThreadContextCompacted _,
          AgentEvent.ThreadMessageSent _,
          AgentEvent.ThreadMessageReceived _ -> {}
    }
  }

  /** A second result of one call changes nothing: the first one was shown to the model. */
  private void answered(long seq, String toolUseId, Event result) {
    if (open.remove(toolUseId) != null) {
      transcript.add(new Entry(seq, result));
    }
  }

  private void session(SessionEvent event) {
    switch (event) {
      case SessionEvent.StatusRunning _ -> status(Phase.RUNNING, null);
      case SessionEvent.StatusIdle idle -> {
        status(Phase.IDLE, idle.stopReason());
        if (idle.stopReason().endsTurn()) {
          settledSeq = head;
        }
        if (!idle.stopReason().requiresAction()) {
          // The brain that brought this rest did what there was to do.
          wokenSinceProgress = List.of();
        }
      }
      case SessionEvent.StatusRescheduled _ -> status(Phase.RESCHEDULING, null);
      case SessionEvent.StatusTerminated _ -> {
        status(Phase.TERMINATED, null);
        terminatedAt = lastAt;
      }
      case SessionEvent.Updated updated -> updated(updated);
      case SessionEvent.Deleted _, SessionEvent.UsageReported _, SessionEvent.ErrorRaised _ -> {}
    }
  }

  private void updated(SessionEvent.Updated updated) {
    if (updated.agent() != null) {
      try {
        agent = EventCodec.JSON.convertValue(updated.agent(), AgentSnapshot.class);
      } catch (IllegalArgumentException e) {
        // To go on with the old agent would be to do what nobody asked for.
        unreadable = "session.updated with an agent that cannot be read";
      }
    }
    if (updated.budget() != null) {
      budget(updated.budget());
    }
  }

  private void budget(JsonNode json) {
    try {
      budget = json.isNull() ? null : Budget.of(json);
    } catch (IllegalArgumentException e) {
      // A limit that is not understood is not for ignoring.
      unreadable = "a budget that cannot be read";
    }
  }

  private void status(Phase next, @Nullable StopReason reason) {
    phase = next;
    stopReason = reason;
    // A copy of a session that has ended may go on.
    terminatedAt = null;
  }

  private void span(SpanEvent event) {
    switch (event) {
      case SpanEvent.ModelRequestStart start -> {
        openSpan = start.id();
        openSpanEstimate = start.estimate();
      }
      case SpanEvent.ModelRequestEnd end -> {
        usage = usage.plus(end.modelUsage());
        if (!Boolean.TRUE.equals(end.isError())) {
          contextTokens = end.modelUsage().sum();
        }
        if (end.modelRequestStartId().equals(openSpan)) {
          openSpan = null;
          openSpanEstimate = null;
        }
      }
      case SpanEvent.OutcomeEvaluationStart _,
          SpanEvent.OutcomeEvaluationOngoing _,
          SpanEvent.OutcomeEvaluationEnd _ -> {}
    }
  }

  private void internal(InternalEvent event) {
    switch (event) {
      case InternalEvent.Created first -> {
        created = first;
        home = first.sessionUid();
        agent = first.agent();
        title = first.title();
        metadata = Kept.inOrder(first.metadata());
        if (first.budget() != null) {
          budget(first.budget());
        }
        phase = Phase.IDLE;
        if (first.format() > InternalEvent.Created.FORMAT) {
          unreadable = "rouse.created with format " + first.format();
        }
      }
      case InternalEvent.Woken woken -> {
        epoch = woken.epoch();
        podUid = woken.podUid();
        wokenSinceProgress =
            Stream.concat(wokenSinceProgress.stream(), Stream.of(woken.podUid())).toList();
      }
      case InternalEvent.Received received -> queued.put(received.event().id(), received.event());
      case InternalEvent.Dispatched dispatched ->
          open.computeIfPresent(
              dispatched.toolUseId(), (_, use) -> use.dispatchedTo(dispatched.instance()));
      case InternalEvent.Compacted compacted -> {
        wokenSinceProgress = List.of();
        summary = compacted.summary();
        contextTokens = 0;
        transcript =
            new ArrayList<>(
                transcript.stream().filter(e -> e.seq() > compacted.throughSeq()).toList());
      }
      case InternalEvent.MessageDelivered message -> delivered.add(message.messageId());
      case InternalEvent.Described now -> {
        title = now.title();
        metadata = Kept.inOrder(now.metadata());
      }
      case InternalEvent.Moved there -> movedTo = there.target();
      case InternalEvent.Origin origin -> settled(origin);
    }
  }

  /** What the Session that the records come from had and this one has not. */
  private void settled(InternalEvent.Origin origin) {
    home = origin.sessionUid();
    movedTo = null;
    // The old brains are nobody here, and messages of the old spec are none of this one.
    podUid = null;
    wokenSinceProgress = List.of();
    delivered.clear();
  }

  private boolean isSelfHosted() {
    return created != null && created.selfHosted();
  }

  private boolean isAnswerDue() {
    if (transcript.isEmpty() || isSettled(transcript.size() - 1)) {
      return false;
    }
    return switch (transcript.getLast().event()) {
      case UserEvent _ -> true;
      case AgentEvent.ToolResult _, AgentEvent.McpToolResult _ -> true;
      case Event _ -> false;
    };
  }

  private SessionState.Past past() {
    int entries = open.isEmpty() ? transcript.size() : 0;
    if (isAnswerDue()) {
      boolean results = false;
      while (entries > 0 && !isSettled(entries - 1) && !isOfModel(entries - 1)) {
        entries--;
        results |= isResult(transcript.get(entries).event());
      }
      // Results mean nothing without the calls that they answer.
      while (results && entries > 0 && isOfModel(entries - 1)) {
        entries--;
      }
    }
    return new SessionState.Past(entries, entries == 0 ? -1 : transcript.get(entries - 1).seq());
  }

  private boolean isSettled(int entry) {
    return transcript.get(entry).seq() < settledSeq;
  }

  private boolean isOfModel(int entry) {
    Event event = transcript.get(entry).event();
    return event instanceof AgentEvent.Message || event instanceof AgentEvent.Call;
  }

  private static boolean isResult(Event event) {
    return !(event instanceof UserEvent.Message || event instanceof UserEvent.SystemMessage);
  }

  /** The state after the records so far; later records do not change it. */
  public SessionState state() {
    return new SessionState(
        head,
        lastAt,
        created,
        agent,
        title,
        metadata,
        epoch,
        podUid,
        phase,
        stopReason,
        terminatedAt,
        active,
        transcript.stream().map(Entry::event).toList(),
        summary,
        past(),
        contextTokens,
        Kept.inOrder(open),
        Kept.inOrder(queued),
        openSpan,
        openSpanEstimate,
        usage,
        budget,
        Set.copyOf(delivered),
        wokenSinceProgress,
        isAnswerDue(),
        home,
        movedTo,
        unreadable);
  }
}
