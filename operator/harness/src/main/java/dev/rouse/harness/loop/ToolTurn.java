package dev.rouse.harness.loop;

import dev.rouse.harness.decide.Step;
import dev.rouse.harness.hands.HandsRefused;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.Event;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.ToolUse;
import dev.rouse.session.UserEvent;
import dev.rouse.session.protocol.HandsProtocol.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives open calls their results. Returns when each has one, or when a client interrupted.
 *
 * <p>The order is what makes a call run once: the hands' instance is in the log before they hear of
 * the call, so whoever continues knows whom to ask, and when nobody can know.
 */
final class ToolTurn {

  private static final Logger LOG = LoggerFactory.getLogger(ToolTurn.class);

  private final Journal journal;
  private final Appender appender;
  private final Ending ending;
  private final Collaborators with;
  private final HandsLink hands;
  private final Executions executions;

  ToolTurn(Collaborators with, HandsLink hands, Executions executions) {
    this.with = with;
    this.journal = with.journal();
    this.appender = with.appender();
    this.ending = with.ending();
    this.hands = hands;
    this.executions = executions;
  }

  void run(Step.Execute step) {
    if (!step.refused().isEmpty()) {
      commit(step.refused().stream().map(use -> ending.result(use, refusal(use))).toList());
    } else {
      Task<HandsLink.Link> acquiring = Task.start("hands", hands::acquire, journal);
      try {
        Optional<Task.Ending<HandsLink.Link>> ended =
            journal.awaitUnlessInterrupted(acquiring::ending);
        if (ended.isPresent()) {
          acquired(step.run(), ended.get());
        }
      } finally {
        acquiring.abandon();
      }
    }
  }

  private static String refusal(ToolUse use) {
    UserEvent.ToolConfirmation answer = use.confirmation();
    if (use.call() instanceof AgentEvent.McpToolUse) {
      return "MCP tools cannot be called here. The call was not run.";
    }
    if (answer == null && use.call() instanceof AgentEvent.ToolUse call) {
      return "The call was denied by policy and was not run. Reason: "
          + (call.evaluation() == null
              ? "unknown"
              : call.evaluation().at("/evaluated_permission/reason_code").asText("unknown"));
    }
    String reason = answer == null ? null : answer.denyMessage();
    return "The call was denied and was not run."
        + (reason == null || reason.isBlank() ? "" : " Reason given: " + reason);
  }

  private void acquired(List<ToolUse> uses, Task.Ending<HandsLink.Link> ended) {
    switch (ended) {
      case Task.Ending.Value<HandsLink.Link>(HandsLink.Link link) -> dispatch(uses, link);
      case Task.Ending.Failure<HandsLink.Link>(HandsRefused refused) -> {
        // Nobody to run them: said to the model, which may find another way.
        String why = refused.refusal().message();
        commit(
            uses.stream()
                .map(use ->
                    ending.result(
                        use,
                        use.instance() == null
                            ? "The sandbox cannot take calls; nothing was run. " + why
                            : Executions.UNKNOWN))
                .toList());
      }
      case Task.Ending.Failure<HandsLink.Link>(Throwable cause) -> throw Executions.fatal(cause);
    }
  }

  private void dispatch(List<ToolUse> uses, HandsLink.Link link) {
    List<Event> lost = new ArrayList<>();
    List<Event> dispatched = new ArrayList<>();
    List<ToolUse> run = new ArrayList<>();
    for (ToolUse use : uses) {
      @Nullable String instance = use.instance();
      if (instance != null && !instance.equals(link.instance())) {
        LOG.atWarn()
            .addKeyValue("toolUse", use.id())
            .log("The hands that had this call are gone: its outcome is unknown");
        lost.add(ending.result(use, hands.unknownOutcome()));
        continue;
      }
      if (instance == null) {
        dispatched.add(new InternalEvent.Dispatched(with.ids().event(), use.id(), link.instance()));
      }
      run.add(use);
    }
    if ((lost.isEmpty() || commit(lost)) && (dispatched.isEmpty() || commit(dispatched))) {
      execute(run, link);
    }
  }

  private void execute(List<ToolUse> uses, HandsLink.Link link) {
    Map<ToolUse, Task<Outcome>> running = new LinkedHashMap<>();
    try {
      for (ToolUse use : uses) {
        running.put(use, Task.start("tool-" + use.id(), () -> executions.run(use, link), journal));
      }
      while (!running.isEmpty()) {
        Optional<ToolUse> ended = journal.awaitUnlessInterrupted(() -> firstEnded(running));
        if (ended.isEmpty()) {
          // The commit that takes the interrupt up also ends them at the hands.
          return;
        }
        Task<Outcome> task = running.remove(ended.get());
        if (task == null || !commit(List.of(result(ended.get(), task.ending().orElseThrow())))) {
          return;
        }
      }
    } finally {
      running.values().forEach(Task::abandon);
    }
  }

  private static Optional<ToolUse> firstEnded(Map<ToolUse, Task<Outcome>> running) {
    return running.entrySet().stream()
        .filter(entry -> entry.getValue().ending().isPresent())
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private Event result(ToolUse use, Task.Ending<Outcome> ended) {
    return switch (ended) {
      case Task.Ending.Value<Outcome>(Outcome outcome) -> {
        LOG.atInfo()
            .addKeyValue("toolUse", use.id())
            .log(
                "A call of {} ended: {}{}",
                use.call().name(),
                outcome.status(),
                outcome.isError() ? ", with an error" : "");
        yield switch (outcome.status()) {
          case DONE ->
              new AgentEvent.ToolResult(
                  with.ids().event(), use.id(), outcome.content(), outcome.isError());
          case UNKNOWN -> ending.result(use, hands.unknownOutcome());
        };
      }
      case Task.Ending.Failure<Outcome>(Throwable cause) -> throw Executions.fatal(cause);
    };
  }

  /** Whether the events were stored; if not, the loop decides again. */
  private boolean commit(List<Event> events) {
    return switch (appender.append(events)) {
      case Appender.Result.Stored _ -> true;
      case Appender.Result.Declined(var code, String message) ->
          switch (code) {
            case INTERRUPTED, CONFLICT, BUDGET_REACHED -> false;
            case FENCED,
                APPEND_ID_REUSED,
                LOG_FULL,
                GONE,
                POISONED,
                NEEDS_NEWER_VERSION,
                INVALID,
                UNAUTHENTICATED,
                UNAVAILABLE ->
                throw Halt.internal(
                    "the server refused results, which always go through: " + message, null);
          };
    };
  }
}
