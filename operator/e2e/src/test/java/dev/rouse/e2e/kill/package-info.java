/**
 * What is killed, and at which point of a session's work. {@code -Drouse.kill=REGEX} runs the cases
 * whose session's name fits, for example {@code brain-.*} or {@code .*-before-result}.
 */
@NullMarked
package dev.rouse.e2e.kill;

import org.jspecify.annotations.NullMarked;
