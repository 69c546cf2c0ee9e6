package dev.rouse.log;

import dev.rouse.session.Event;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.SessionError;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SessionState;
import dev.rouse.session.StopReason;
import dev.rouse.session.protocol.BrainProtocol.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Whether a brain gets the session, and what becomes of one that kills every brain. */
final class WakeRules {

  /** Wakes without progress that are granted; the next one puts the session to rest. */
  static final int MAX_WAKES = 5;

  private final Ids ids;
  private final StatusEvents status;
  private final Closing closing;

  WakeRules(Ids ids) {
    this.ids = ids;
    this.status = new StatusEvents(ids);
    this.closing = new Closing(ids);
  }

  /**
   * Judges a wake.
   *
   * @param excused pods that ended by no fault of the session: eviction, drain
   */
  Decision judge(LogView view, String podUid, String why, Set<String> excused) {
    SessionState state = view.state();
    return OpenForWork.refusal(view.key(), state)
        .orElseGet(() ->
            state.phase().isDue() && blamed(state, excused) >= MAX_WAKES
                ? Decision.append(state, rest(view))
                : grant(state, podUid, why));
  }

  private static long blamed(SessionState state, Set<String> excused) {
    return state.wokenSinceProgress().stream().filter(pod -> !excused.contains(pod)).count();
  }

  private Decision grant(SessionState state, String podUid, String why) {
    int epoch = state.epoch() + 1;
    return new Decision.Append(
        List.of(new InternalEvent.Woken(ids.event(), epoch, podUid, why)), epoch);
  }

  /** The turn is dead, the session is not. */
  private List<Event> rest(LogView view) {
    SessionState state = view.state();
    List<Event> events = new ArrayList<>(closing.of(state, "the turn was given up"));
    events.add(
        new SessionEvent.ErrorRaised(
            ids.event(),
            SessionError.of(
                "unknown_error",
                state.wakesSinceProgress()
                    + " brains in a row ended without progress: this turn is given up. See the"
                    + " last exit in the Session's status; a new message starts a new turn.",
                SessionError.RetryStatus.EXHAUSTED)));
    events.addAll(status.idle(view.after(events), StopReason.RETRIES_EXHAUSTED));
    return events;
  }

  /** For people: why a wake was refused after the session was put to rest. */
  static Decision.Refuse poisoned(LogKey key, SessionState state) {
    return (Decision.Refuse)
        Decision.refuse(
            Code.POISONED,
            key.describe() + " ended too many brains without progress and was put to rest",
            state);
  }
}
