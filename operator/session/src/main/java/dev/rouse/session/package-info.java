/**
 * The session: its event vocabulary, the records of its log, and {@link dev.rouse.session.Fold},
 * the pure function from records to state.
 *
 * <p>Everything here is a value. Nothing knows HTTP, Kubernetes, a store or a clock, so that
 * server, brain, hands and tools share one meaning of a log.
 */
@NullMarked
package dev.rouse.session;

import org.jspecify.annotations.NullMarked;
