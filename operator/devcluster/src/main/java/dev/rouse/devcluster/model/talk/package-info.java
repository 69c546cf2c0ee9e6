/**
 * A conversation as any provider's protocol carries it: what the play and the judge look at, and
 * what they say.
 */
@NullMarked
package dev.rouse.devcluster.model.talk;

import org.jspecify.annotations.NullMarked;
