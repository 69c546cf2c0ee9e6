/** The public API while things die: approvals, interrupts, rights, several servers. */
@NullMarked
package dev.rouse.e2e.trial;

import org.jspecify.annotations.NullMarked;
