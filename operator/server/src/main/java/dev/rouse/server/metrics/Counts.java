package dev.rouse.server.metrics;

import dev.rouse.session.ModelUsage;
import dev.rouse.session.PinnedProvider;
import dev.rouse.session.StopReason;
import dev.rouse.session.UserEvent;
import java.time.Duration;

/** What a commit adds to the metrics. Every constant here is the value of a label. */
interface Counts {

  /** Of a commit that another server stored, or of the past: counted there or then. */
  Counts NONE = new Counts() {};

  /** How a session came to be. */
  enum Origin {
    NEW,
    IMPORT,
    FORK,
    MOVE
  }

  /** What a client sent. */
  enum Input {
    MESSAGE,
    SYSTEM_MESSAGE,
    OUTCOME,
    INTERRUPT,
    CONFIRMATION,
    TOOL_RESULT,
    CUSTOM_TOOL_RESULT;

    static Input of(UserEvent event) {
      return switch (event) {
        case UserEvent.Message _ -> MESSAGE;
        case UserEvent.SystemMessage _ -> SYSTEM_MESSAGE;
        case UserEvent.DefineOutcome _ -> OUTCOME;
        case UserEvent.Interrupt _ -> INTERRUPT;
        case UserEvent.ToolConfirmation _ -> CONFIRMATION;
        case UserEvent.ToolResult _ -> TOOL_RESULT;
        case UserEvent.CustomToolResult _ -> CUSTOM_TOOL_RESULT;
      };
    }
  }

  /** How a turn ended. */
  enum End {
    END_TURN,
    RETRIES_EXHAUSTED,
    REFUSAL,
    OTHER;

    static End of(StopReason reason) {
      return switch (reason.type()) {
        case "end_turn" -> END_TURN;
        case "retries_exhausted" -> RETRIES_EXHAUSTED;
        case "refusal" -> REFUSAL;
        default -> OTHER;
      };
    }
  }

  /** Why a turn rests that goes on later. */
  enum Pause {
    REQUIRES_ACTION,
    BUDGET_REACHED
  }

  /** Why a brain was woken. */
  enum Wake {
    /** A turn was begun while no brain was there. */
    TURN,
    /** A turn went on that had been paused. */
    ANSWER,
    /** The brain before ended in the middle of the work. */
    RESTART,
    /** There was nothing to do any more. */
    IN_VAIN
  }

  /** Whether a brain had to be woken. */
  enum Start {
    COLD,
    WARM
  }

  /** How a call ended. */
  enum ToolOutcome {
    OK,
    ERROR,
    UNKNOWN,
    DENIED,
    INTERRUPTED
  }

  /** Whose answer a call waited for. */
  enum Wait {
    APPROVAL,
    CUSTOM_TOOL
  }

  default void created(Origin origin) {}

  default void received(Input input) {}

  default void turnStarted() {}

  default void turnEnded(End end) {}

  default void turnPaused(Pause pause) {}

  default void woken(Wake why) {}

  /** What a model is shown of a history was replaced by a summary. */
  default void compacted() {}

  /** The brain's first event since a resting session got work. */
  default void firstEvent(Start start, Duration since) {}

  /** The first message or call of the agent since a turn began. */
  default void firstAnswer(Start start, Duration since) {}

  default void toolEnded(Tool tool, ToolOutcome outcome) {}

  default void answered(Wait wait, Duration since) {}

  /**
   * @param time from the request's start to its end, as the log has it
   */
  default void modelRequest(
      PinnedProvider provider, boolean isError, Duration time, ModelUsage usage) {}
}
