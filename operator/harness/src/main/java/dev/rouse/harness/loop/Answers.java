package dev.rouse.harness.loop;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.harness.model.ModelAnswer;
import dev.rouse.harness.model.Toolbox;
import dev.rouse.harness.policy.PolicyJudge;
import dev.rouse.harness.policy.Verdict;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.Event;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.ToolUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns a model's answer into the events of its one commit. */
final class Answers {

  private final Ids ids;
  private final PolicyJudge judge;

  Answers(Ids ids, PolicyJudge judge) {
    this.ids = ids;
    this.judge = judge;
  }

  /**
   * The ids that an answer's events will have, known before it comes in.
   *
   * @param span the open model request
   * @param message the agent.message
   * @param thinking the agent.thinking
   */
  record Under(String span, String message, String thinking) {}

  Under under(String span) {
    return new Under(span, ids.event(), ids.event());
  }

  /**
   * Thinking, message, calls, span end; then what belongs to the calls: dispatch to the hands that
   * are known, and an error result for each call that cannot be run.
   *
   * <p>A message is there even if the model said nothing and called nothing: something has to show
   * that it answered.
   *
   * @param hands the instance of the hands, if it is known already
   * @param selfHosted whether a worker runs the built-in tools
   */
  List<Event> events(
      Under under,
      ModelAnswer answer,
      Toolbox toolbox,
      Optional<String> hands,
      boolean selfHosted) {
    List<AgentEvent.Call> calls = new ArrayList<>();
    List<Event> followUps = new ArrayList<>();
    // A refusal ends the turn: nothing that came before it is run.
    if (answer.stop() != ModelAnswer.Stop.REFUSAL) {
      for (ModelAnswer.Call call : answer.calls()) {
        call(call, toolbox, hands, selfHosted, calls, followUps);
      }
    }
    List<Event> events = new ArrayList<>();
    if (answer.thought()) {
      events.add(new AgentEvent.Thinking(under.thinking()));
    }
    if (!answer.content().isEmpty() || calls.isEmpty()) {
      events.add(new AgentEvent.Message(under.message(), answer.content()));
    }
    events.addAll(calls);
    events.add(new SpanEvent.ModelRequestEnd(ids.event(), under.span(), false, answer.usage()));
    events.addAll(followUps);
    return events;
  }

  /**
   * What a policy comes to.
   *
   * @param evaluation how, in the wire's form
   */
  private record Permission(String name, @Nullable ObjectNode evaluation) {}

  private Permission permission(Toolbox.Policy policy, ModelAnswer.Call call) {
    ObjectNode evaluation = JsonNodeFactory.instance.objectNode();
    return switch (policy) {
      case ALWAYS_ALLOW -> new Permission("allow", evaluation.put("type", "always_allow"));
      case ALWAYS_ASK -> new Permission("ask", evaluation.put("type", "always_ask"));
      case AUTO -> {
        Verdict verdict = judge.judge(new PolicyJudge.ToolCall(call.name(), call.input()));
        yield new Permission(verdict.permission(), verdict.evaluation());
      }
    };
  }

  private void call(
      ModelAnswer.Call call,
      Toolbox toolbox,
      Optional<String> hands,
      boolean selfHosted,
      List<AgentEvent.Call> calls,
      List<Event> followUps) {
    String id = ids.event();
    Toolbox.Kind kind = toolbox.kind(call.name()).orElse(null);
    String fault = call.fault();
    if (kind == null) {
      fault = "There is no tool named \"" + call.name() + "\" here. It was not run.";
    }
    switch (kind) {
      case null ->
          calls.add(
              new AgentEvent.ToolUse(
                  id, call.name(), call.input(), selfHosted ? "deny" : null, null, null));
      case Toolbox.Kind.BuiltIn(Toolbox.Policy policy) -> {
        // A call that cannot run needs nobody's permission. A worker that sees it before its
        // result must not run it.
        Permission permission =
            fault == null
                ? permission(policy, call)
                : new Permission(selfHosted ? "deny" : "allow", null);
        calls.add(
            new AgentEvent.ToolUse(
                id, call.name(), call.input(), permission.name(), permission.evaluation(), null));
        if (fault == null && permission.name().equals("allow")) {
          hands.ifPresent(
              instance -> followUps.add(new InternalEvent.Dispatched(ids.event(), id, instance)));
        }
      }
      case Toolbox.Kind.Custom _ ->
          calls.add(new AgentEvent.CustomToolUse(id, call.name(), call.input(), null));
    }
    if (fault != null) {
      followUps.add(
          new ToolUse(calls.getLast(), null, null, selfHosted).failed(ids.event(), fault));
    }
  }
}
