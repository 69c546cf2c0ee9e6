/** The OpenAI chat completions protocol, as its many servers speak it. */
@NullMarked
package dev.rouse.harness.model.openai;

import org.jspecify.annotations.NullMarked;
