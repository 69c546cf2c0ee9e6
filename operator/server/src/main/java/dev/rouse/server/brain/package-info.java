/**
 * The internal API for brains, {@link dev.rouse.session.protocol.BrainProtocol} over HTTP: who is
 * the brain of a session, its commits, its hands, and its previews.
 */
@NullMarked
package dev.rouse.server.brain;

import org.jspecify.annotations.NullMarked;
