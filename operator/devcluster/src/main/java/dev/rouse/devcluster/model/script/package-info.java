/**
 * Scripts: their YAML, the choice of the next turn from the request alone, and the rendering of its
 * answer.
 */
@NullMarked
package dev.rouse.devcluster.model.script;

import org.jspecify.annotations.NullMarked;
