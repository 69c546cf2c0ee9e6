/** The brain's side of the protocol with the hands. */
@NullMarked
package dev.rouse.harness.hands;

import org.jspecify.annotations.NullMarked;
