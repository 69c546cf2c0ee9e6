/** Who judges calls of tools whose permission policy is {@code auto}. */
@NullMarked
package dev.rouse.harness.policy;

import org.jspecify.annotations.NullMarked;
