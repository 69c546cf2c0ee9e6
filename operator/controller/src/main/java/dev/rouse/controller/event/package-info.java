/** Kubernetes Events: what happened, for people. */
@NullMarked
package dev.rouse.controller.event;

import org.jspecify.annotations.NullMarked;
