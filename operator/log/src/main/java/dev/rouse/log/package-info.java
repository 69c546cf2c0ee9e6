/**
 * The session log: the port that stores implement, and everything above it that holds for all of
 * them.
 *
 * <p>{@link dev.rouse.log.LogStore} is a compare-and-set list of commits and knows nothing of
 * sessions. {@link dev.rouse.log.SessionLogs} adds the session's rules: sequence, time, epochs and
 * fencing, append ids, the two moments of a client's event, limits, caches, and followers.
 */
@NullMarked
package dev.rouse.log;

import org.jspecify.annotations.NullMarked;
