/**
 * The Anthropic Messages protocol: reading requests strictly, writing answers whole or as a stream.
 */
@NullMarked
package dev.rouse.devcluster.model.anthropic;

import org.jspecify.annotations.NullMarked;
