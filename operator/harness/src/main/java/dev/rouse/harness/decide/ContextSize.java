package dev.rouse.harness.decide;

import dev.rouse.harness.model.TokenEstimate;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.Event;
import dev.rouse.session.PinnedProvider;
import dev.rouse.session.SessionState;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** How full its model's context would be with a session's next request. */
final class ContextSize {

  private ContextSize() {}

  /**
   * The most tokens that a request should have, if the next one would have more and a compaction
   * makes it a good deal smaller. Empty too where nobody said how large the context is: the
   * provider then says when it is full.
   *
   * <p>Three quarters of what the longest answer leaves: the size is counted only up to the last
   * answer, and estimated from there on.
   *
   * @param takeUp what the request says beside the transcript
   */
  static OptionalLong full(SessionState session, List<Event> takeUp) {
    PinnedProvider provider = session.created() == null ? null : session.created().provider();
    if (provider == null || provider.contextWindow() == null) {
      return OptionalLong.empty();
    }
    long limit = Math.max(1, (provider.contextWindow() - provider.maxTokens()) * 3L / 4);
    return next(session, takeUp) > limit && past(session) > limit / 4
        ? OptionalLong.of(limit)
        : OptionalLong.empty();
  }

  private static long past(SessionState session) {
    return TokenEstimate.of(session.transcript().subList(0, session.past().entries()));
  }

  /** Whichever is more: a server may read less than it was sent, and count only that. */
  private static long next(SessionState session, List<Event> takeUp) {
    List<Event> all = session.transcript();
    int answered = all.size();
    while (answered > 0 && !isOfModel(all.get(answered - 1))) {
      answered--;
    }
    List<Event> since = new ArrayList<>(all.subList(answered, all.size()));
    since.addAll(takeUp);
    long before = TokenEstimate.of(session.summary()) + TokenEstimate.of(all.subList(0, answered));
    return Math.max(session.contextTokens(), before) + TokenEstimate.of(since);
  }

  private static boolean isOfModel(Event event) {
    return event instanceof AgentEvent.Message || event instanceof AgentEvent.Call;
  }
}
