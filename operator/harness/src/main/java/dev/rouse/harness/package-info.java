/**
 * The brain: one process is one pod's life for one session. It wakes the session, reads its log,
 * does what {@link dev.rouse.harness.decide.Decider} says until the session rests, lingers, exits.
 */
@NullMarked
package dev.rouse.harness;

import org.jspecify.annotations.NullMarked;
