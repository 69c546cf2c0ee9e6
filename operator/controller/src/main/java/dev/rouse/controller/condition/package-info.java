/** Conditions: one way to make them, one way to merge them. */
@NullMarked
package dev.rouse.controller.condition;

import org.jspecify.annotations.NullMarked;
