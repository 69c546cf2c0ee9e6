/** What a tool is, whatever it does. */
@NullMarked
package dev.rouse.hands.tool;

import org.jspecify.annotations.NullMarked;
