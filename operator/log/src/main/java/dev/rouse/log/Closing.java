package dev.rouse.log;

import dev.rouse.session.Event;
import dev.rouse.session.Ids;
import dev.rouse.session.SessionState;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.ToolUse;
import dev.rouse.session.tools.AgentToolset;
import java.util.ArrayList;
import java.util.List;

/**
 * Closes what a turn left open when nobody will go on with it: open calls get a result so that the
 * history stays valid, and what was queued stands in the history, answered by nobody.
 */
final class Closing {

  private final Ids ids;

  Closing(Ids ids) {
    this.ids = ids;
  }

  /** What is to be appended. @param why ends a sentence: {@code "the turn was given up"} */
  List<Event> of(SessionState state, String why) {
    List<Event> events = new ArrayList<>();
    if (state.openSpan() != null) {
      events.add(
          new SpanEvent.ModelRequestEnd(
              ids.event(), state.openSpan(), true, state.openSpanCharge()));
    }
    state.openToolUses().values().forEach(use -> events.add(result(use, why)));
    events.addAll(state.queued().values());
    return events;
  }

  private Event result(ToolUse use, String why) {
    String text =
        use.instance() == null && !use.isForWorker()
            ? "This call was not run: " + why + "."
            : AgentToolset.OUTCOME_UNKNOWN + ", it may have run: " + why + ".";
    return use.failed(ids.event(), text);
  }
}
