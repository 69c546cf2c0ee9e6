/** The turn loop: fold, decide, act, until the session rests. */
@NullMarked
package dev.rouse.harness.loop;

import org.jspecify.annotations.NullMarked;
