/**
 * The HTTP edge: Vert.x on its event loops outside, calls that block on virtual threads inside.
 * Knows nothing of sessions.
 */
@NullMarked
package dev.rouse.server.http;

import org.jspecify.annotations.NullMarked;
