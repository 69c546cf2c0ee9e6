/** The Anthropic Messages protocol. */
@NullMarked
package dev.rouse.harness.model.anthropic;

import org.jspecify.annotations.NullMarked;
