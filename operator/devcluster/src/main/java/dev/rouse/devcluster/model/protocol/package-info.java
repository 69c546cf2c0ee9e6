/**
 * What the protocols of the scripted model share: the way of a request to the director and of the
 * answer, or the trouble, to the caller.
 */
@NullMarked
package dev.rouse.devcluster.model.protocol;

import org.jspecify.annotations.NullMarked;
