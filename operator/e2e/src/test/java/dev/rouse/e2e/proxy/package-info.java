/** A proxy between our programs that can hold a request, and nothing in them that knows of it. */
@NullMarked
package dev.rouse.e2e.proxy;

import org.jspecify.annotations.NullMarked;
