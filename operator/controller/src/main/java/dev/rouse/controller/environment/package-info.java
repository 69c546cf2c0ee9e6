/** Environments: whether sandboxes can be made from them. */
@NullMarked
package dev.rouse.controller.environment;

import org.jspecify.annotations.NullMarked;
