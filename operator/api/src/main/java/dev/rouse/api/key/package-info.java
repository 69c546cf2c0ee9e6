/** API keys: what they look like, and the Secret that says whom one stands for. */
@NullMarked
package dev.rouse.api.key;

import org.jspecify.annotations.NullMarked;
