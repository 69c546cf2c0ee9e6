package dev.rouse.server.metrics;

import dev.rouse.session.StopReason;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where the turn of one session stands, as far as metrics need to know of it. */
final class OpenTurn {

  private boolean due;
  private boolean paused;
  private boolean resumed;
  private boolean woken;
  private @Nullable Instant workSince;
  private boolean heard;

  void running(Instant at, Counts counts) {
    if (due) {
      return;
    }
    due = true;
    woken = false;
    heard = false;
    workSince = at;
    resumed = paused;
    if (!resumed) {
      counts.turnStarted();
    }
  }

  /** An idle of a session that rests already tells of fewer calls to answer, not of a turn. */
  void idle(StopReason reason, Counts counts) {
    if (due && reason.endsTurn()) {
      counts.turnEnded(Counts.End.of(reason));
    } else if (due) {
      counts.turnPaused(
          reason.requiresAction() ? Counts.Pause.REQUIRES_ACTION : Counts.Pause.BUDGET_REACHED);
    }
    paused = !reason.endsTurn();
    rest();
  }

  /** The session has no work any more. */
  void rest() {
    due = false;
    workSince = null;
  }

  void woken(Counts counts) {
    counts.woken(why());
    woken = true;
  }

  private Counts.Wake why() {
    if (!due) {
      return Counts.Wake.IN_VAIN;
    }
    if (woken) {
      return Counts.Wake.RESTART;
    }
    return resumed ? Counts.Wake.ANSWER : Counts.Wake.TURN;
  }

  /** The brain did something. */
  void heard(Instant at, Counts counts) {
    if (workSince != null && !heard) {
      heard = true;
      counts.firstEvent(start(), Duration.between(workSince, at));
    }
  }

  /** The agent said something or called something. */
  void answered(Instant at, Counts counts) {
    if (workSince != null && !resumed) {
      counts.firstAnswer(start(), Duration.between(workSince, at));
    }
    workSince = null;
  }

  private Counts.Start start() {
    return woken ? Counts.Start.COLD : Counts.Start.WARM;
  }
}
