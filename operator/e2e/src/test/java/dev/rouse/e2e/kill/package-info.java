/**
 * What is killed, and at which point of a session's or of the server's work, over each store.
 *
 * <p>{@code -Drouse.kill=REGEX} runs the cases whose session's name fits, for example {@code
 * brain-.*} or {@code .*-before-result}; {@code -Drouse.seed=N} repeats what an earlier run left to
 * chance; {@code -Drouse.chaos=true} runs everything that there is over every store.
 */
@NullMarked
package dev.rouse.e2e.kill;

import org.jspecify.annotations.NullMarked;
