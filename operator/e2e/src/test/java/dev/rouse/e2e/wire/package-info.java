/**
 * The public API as its clients use it: calls that are repeated until they are answered, and the
 * documented way to follow a session. What they were told is what the tests hold the runtime to.
 */
@NullMarked
package dev.rouse.e2e.wire;

import org.jspecify.annotations.NullMarked;
