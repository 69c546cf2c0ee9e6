/** Whether the sandbox is closed where it is to be: tried, not believed. */
@NullMarked
package dev.rouse.hands.isolation;

import org.jspecify.annotations.NullMarked;
