package dev.rouse.server.metrics;

import dev.rouse.log.Commit;
import dev.rouse.log.LogKey;
import dev.rouse.log.Witness;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.Event;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.PinnedProvider;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.ThreadEvent;
import dev.rouse.session.UnknownEvent;
import dev.rouse.session.UserEvent;
import dev.rouse.session.WorkflowEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one log tells of turns, calls and times: a small fold beside the fold. It follows all
 * commits, so that it knows where the session stands whoever wrote them, and counts those of this
 * process. Times are those of the records: a server that was started in between measures the same.
 *
 * <p>Records that were copied from another session happened there, and are counted nowhere.
 */
final class LogMeter implements Witness {

  private final LogKey key;
  private final Counts ours;

  /** Received and not processed: an event that stands here is not received a second time. */
  private final Set<String> queued = new HashSet<>();

  private final OpenCalls calls = new OpenCalls();
  private final OpenTurn turn = new OpenTurn();
  private @Nullable PinnedProvider provider;
  private boolean copying;
  private @Nullable Instant spanSince;

  /**
   * The commit that an event is of.
   *
   * @param sent whether a client's request brought it; the server and brains write a client's
   *     result, too, where nobody will run a call of a self-hosted environment
   * @param interrupted whether it takes up an interrupt
   */
  private record Around(boolean sent, boolean interrupted) {}

  LogMeter(LogKey key, Counts ours) {
    this.key = key;
    this.ours = ours;
  }

  @Override
  public void saw(Commit commit, boolean isOurs) {
    Around around =
        new Around(commit.principal() != null, holds(commit, UserEvent.Interrupt.class));
    boolean settling = holds(commit, InternalEvent.Origin.class);
    Counts counts = isOurs ? ours : Counts.NONE;
    for (LogRecord record : commit.records()) {
      Event event = record.event();
      switch (event) {
        case InternalEvent.Created created -> created(created, counts);
        case InternalEvent.Origin origin -> settled(origin, counts);
        case Event _ ->
            next(event, record.at(), around, copying || settling ? Counts.NONE : counts);
      }
    }
  }

  private static boolean holds(Commit commit, Class<? extends Event> type) {
    return commit.records().stream().map(LogRecord::event).anyMatch(type::isInstance);
  }

  private void created(InternalEvent.Created created, Counts counts) {
    provider = created.provider();
    copying = !created.sessionUid().equals(key.sessionUid());
    if (!copying) {
      counts.created(Counts.Origin.NEW);
    }
  }

  private void settled(InternalEvent.Origin origin, Counts counts) {
    if (origin.sessionUid().equals(key.sessionUid())) {
      copying = false;
      counts.created(
          switch (origin.source().path("kind").asText()) {
            case "fork" -> Counts.Origin.FORK;
            case "move" -> Counts.Origin.MOVE;
            default -> Counts.Origin.IMPORT;
          });
    }
  }

  private void next(Event event, Instant at, Around around, Counts counts) {
    switch (event) {
      case UserEvent input -> input(input, at, around, counts);
      case AgentEvent said -> agent(said, at, around.interrupted(), counts);
      case SessionEvent status -> session(status, at, counts);
      case SpanEvent span -> span(span, at, counts);
      case InternalEvent internal -> internal(internal, at, counts);
      case ThreadEvent _, WorkflowEvent _, UnknownEvent _ -> {}
    }
  }

  private void input(UserEvent event, Instant at, Around around, Counts counts) {
    boolean isNews = !queued.remove(event.id());
    switch (event) {
      case UserEvent.ToolConfirmation answer -> calls.confirmed(answer, at, counts);
      case UserEvent.ToolResult result ->
          calls.ended(
              result.toolUseId(), result.content(), result.isError(), around.interrupted(), counts);
      case UserEvent.CustomToolResult result -> {
        if (around.sent()) {
          calls.waited(result.customToolUseId(), at, counts);
        }
        calls.ended(
            result.customToolUseId(),
            result.content(),
            result.isError(),
            around.interrupted(),
            counts);
      }
      case UserEvent.Message _,
          UserEvent.SystemMessage _,
          UserEvent.DefineOutcome _,
          UserEvent.Interrupt _ -> {}
    }
    if (isNews && (around.sent() || !isResult(event))) {
      counts.received(Counts.Input.of(event));
    }
  }

  private static boolean isResult(UserEvent event) {
    return event instanceof UserEvent.ToolResult || event instanceof UserEvent.CustomToolResult;
  }

  private void agent(AgentEvent event, Instant at, boolean interrupted, Counts counts) {
    turn.heard(at, counts);
    switch (event) {
      case AgentEvent.Call call -> {
        turn.answered(at, counts);
        calls.begun(call, at);
      }
      case AgentEvent.Message _ -> turn.answered(at, counts);
      case AgentEvent.ToolResult result ->
          calls.ended(result.toolUseId(), result.content(), result.isError(), interrupted, counts);
      case AgentEvent.McpToolResult result ->
          calls.ended(
              result.mcpToolUseId(), result.content(), result.isError(), interrupted, counts);
      case AgentEvent.ThreadContextCompacted _ -> counts.compacted();
      case AgentEvent.Thinking _,
          AgentEvent.ThreadMessageSent _,
          AgentEvent.ThreadMessageReceived _ -> {}
    }
  }

  private void session(SessionEvent event, Instant at, Counts counts) {
    switch (event) {
      case SessionEvent.StatusRunning _ -> turn.running(at, counts);
      case SessionEvent.StatusIdle idle -> turn.idle(idle.stopReason(), counts);
      case SessionEvent.StatusTerminated _ -> turn.rest();
      case SessionEvent.StatusRescheduled _,
          SessionEvent.Updated _,
          SessionEvent.Deleted _,
          SessionEvent.UsageReported _,
          SessionEvent.ErrorRaised _ -> {}
    }
  }

  private void span(SpanEvent event, Instant at, Counts counts) {
    switch (event) {
      case SpanEvent.ModelRequestStart _ -> {
        turn.heard(at, counts);
        spanSince = at;
      }
      case SpanEvent.ModelRequestEnd end -> {
        if (provider != null) {
          counts.modelRequest(
              provider,
              Boolean.TRUE.equals(end.isError()),
              spanSince == null ? Duration.ZERO : Duration.between(spanSince, at),
              end.modelUsage());
        }
        spanSince = null;
      }
      case SpanEvent.OutcomeEvaluationStart _,
          SpanEvent.OutcomeEvaluationOngoing _,
          SpanEvent.OutcomeEvaluationEnd _ -> {}
    }
  }

  private void internal(InternalEvent event, Instant at, Counts counts) {
    switch (event) {
      case InternalEvent.Received(String _, UserEvent input) -> {
        queued.add(input.id());
        counts.received(Counts.Input.of(input));
      }
      case InternalEvent.Woken _ -> turn.woken(counts);
      case InternalEvent.Dispatched _ -> turn.heard(at, counts);
      case InternalEvent _ -> {}
    }
  }
}
