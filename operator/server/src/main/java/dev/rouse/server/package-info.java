/**
 * The only door to the session logs: the public HTTP API for people and SDKs, the internal one for
 * brains, and the keeper that ties logs to {@code Session} objects.
 *
 * <p>{@link dev.rouse.server.Server} puts the parts together; {@code http} and {@code auth} know
 * nothing of sessions; {@code keeper}, {@code brain} and {@code wire} each see the logs and the
 * {@code resource} package, and not each other. What the chart runs once is in {@code release}.
 */
@NullMarked
package dev.rouse.server;

import org.jspecify.annotations.NullMarked;
