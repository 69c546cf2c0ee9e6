/**
 * The OpenAI chat completions protocol: reading requests strictly, writing answers whole or as a
 * stream of chunks.
 */
@NullMarked
package dev.rouse.devcluster.model.openai;

import org.jspecify.annotations.NullMarked;
