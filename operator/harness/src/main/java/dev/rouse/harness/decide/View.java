package dev.rouse.harness.decide;

import dev.rouse.session.SessionState;

/**
 * What {@link Decider} judges.
 *
 * @param session the fold of the log
 * @param rested whether nothing was said, called or answered since the session last went idle. A
 *     turn that was interrupted or given up ends with something unanswered in the transcript; only
 *     this tells it from a turn that waits for the model
 */
public record View(SessionState session, boolean rested) {}
