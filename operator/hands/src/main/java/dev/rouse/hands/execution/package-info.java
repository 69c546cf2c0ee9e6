/** The rules of a tool call: which epoch may make it, and that it is run at most once. */
@NullMarked
package dev.rouse.hands.execution;

import org.jspecify.annotations.NullMarked;
