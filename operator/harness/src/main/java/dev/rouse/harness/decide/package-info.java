/** What to do next, as a pure function of the session. Knows no transport and no clock. */
@NullMarked
package dev.rouse.harness.decide;

import org.jspecify.annotations.NullMarked;
