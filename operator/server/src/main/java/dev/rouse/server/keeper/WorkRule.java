package dev.rouse.server.keeper;

import dev.rouse.server.work.WorkItem;
import dev.rouse.server.work.WorkState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is to become of a session's work item. Pure: what decides is whether there is work, and the
 * item as it is, never what has just happened.
 */
final class WorkRule {

  /** So soon after an item was stopped there is no other, or a broken worker would spin. */
  static final Duration AFTER_STOP = Duration.ofSeconds(2);

  /** How long a stopped item can be looked at. */
  static final Duration KEPT = Duration.ofHours(1);

  private WorkRule() {}

  /** A session as far as work is concerned. */
  enum Need {
    /** Calls wait that a worker may run. */
    WORK,
    /** No call waits for a worker; one may come. */
    NONE,
    /** Nothing will come any more, or nobody is to work now. */
    OVER
  }

  /** What is to be done now. */
  sealed interface Step {

    /** Queue an item; there is none. */
    record Queue() implements Step {}

    /** Remove the stopped item. @param queue whether another follows at once */
    record Remove(boolean queue) implements Step {}

    /** Stop the item. */
    record Stop() implements Step {}

    /** Look again at this time. */
    record WaitUntil(Instant then) implements Step {}

    /** Nothing, until something changes. */
    record Rest() implements Step {}
  }

  static Step of(Need need, Optional<WorkItem> found, Instant now) {
    if (found.isEmpty()) {
      return need == Need.WORK ? new Step.Queue() : new Step.Rest();
    }
    WorkItem item = found.get();
    return switch (item.state()) {
      case STOPPED -> stopped(need, item.stoppedAt().orElse(item.createdAt()), now);
      // Whom it wakes would find nothing to do.
      case QUEUED -> need == Need.WORK ? new Step.Rest() : new Step.Stop();
      case STARTING, ACTIVE, STOPPING -> {
        if (need == Need.OVER) {
          yield new Step.Stop();
        }
        if (!item.isLost(now)) {
          yield new Step.WaitUntil(item.heldUntil().orElse(now));
        }
        // Another worker may take what a lost one has left; a lost one that was to stop has.
        yield need == Need.WORK && item.state() != WorkState.STOPPING
            ? new Step.Rest()
            : new Step.Stop();
      }
    };
  }

  private static Step stopped(Need need, Instant at, Instant now) {
    Instant next = at.plus(need == Need.WORK ? AFTER_STOP : KEPT);
    return now.isBefore(next) ? new Step.WaitUntil(next) : new Step.Remove(need == Need.WORK);
  }
}
