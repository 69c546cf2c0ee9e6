/**
 * The built-in tools as the model sees them. The brain offers them to the model, the hands run
 * them; neither may import the other, so what both must agree on stands here.
 */
@NullMarked
package dev.rouse.session.tools;

import org.jspecify.annotations.NullMarked;
