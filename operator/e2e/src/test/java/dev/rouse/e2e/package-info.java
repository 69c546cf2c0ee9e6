/** Whole-system tests: only real processes, told apart from production by nothing. */
@NullMarked
package dev.rouse.e2e;

import org.jspecify.annotations.NullMarked;
