/**
 * The hands: the tool server in a session's sandbox. {@link dev.rouse.hands.Main} starts it; {@link
 * dev.rouse.hands.Hands} puts its parts together.
 */
@NullMarked
package dev.rouse.hands;

import org.jspecify.annotations.NullMarked;
