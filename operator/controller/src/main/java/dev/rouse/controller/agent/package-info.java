/** Agents: every change becomes a version. */
@NullMarked
package dev.rouse.controller.agent;

import org.jspecify.annotations.NullMarked;
