/** What this process knows of the {@code Session} objects and of what they refer to. */
@NullMarked
package dev.rouse.server.resource;

import org.jspecify.annotations.NullMarked;
