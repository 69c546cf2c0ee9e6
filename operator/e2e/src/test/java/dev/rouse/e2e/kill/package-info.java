/** What is killed, and at which point of a session's work. */
@NullMarked
package dev.rouse.e2e.kill;

import org.jspecify.annotations.NullMarked;
