package dev.rouse.harness.decide;

import dev.rouse.session.Event;
import dev.rouse.session.StopReason;
import dev.rouse.session.ToolUse;
import dev.rouse.session.UserEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The next thing to do for a session. */
public sealed interface Step {

  /**
   * Ask the model.
   *
   * @param takeUp queued events that become processed first, in order of arrival
   */
  record CallModel(List<Event> takeUp) implements Step {
    public CallModel {
      takeUp = List.copyOf(takeUp);
    }
  }

  /**
   * Replace what is past of the transcript with a summary, before the model is asked.
   *
   * @param limit the most tokens that may be read for the summary
   * @param takeUp as for {@link CallModel}
   */
  record Compact(long limit, List<Event> takeUp) implements Step {
    public Compact {
      takeUp = List.copyOf(takeUp);
    }
  }

  /**
   * Give open calls their results.
   *
   * @param run calls for the hands
   * @param refused calls that nobody will run: each gets an error result
   */
  record Execute(List<ToolUse> run, List<ToolUse> refused) implements Step {
    public Execute {
      run = List.copyOf(run);
      refused = List.copyOf(refused);
    }
  }

  /**
   * End the turn: idle.
   *
   * @param stopReason why
   * @param interrupt what ended it, if a client did; taken up with the idle, and every open call
   *     gets an error result
   * @param takeUp queued events that become processed without an answer
   */
  record Finish(StopReason stopReason, UserEvent.@Nullable Interrupt interrupt, List<Event> takeUp)
      implements Step {
    public Finish {
      takeUp = List.copyOf(takeUp);
    }
  }

  /** Nothing to do until something comes in. */
  record Wait() implements Step {}
}
