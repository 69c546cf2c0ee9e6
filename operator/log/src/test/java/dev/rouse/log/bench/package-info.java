/**
 * Benchmarks of the stores, each beside the least that its own database must do for the same bytes,
 * in the same run. {@code make bench} runs them; they assert nothing.
 */
@NullMarked
package dev.rouse.log.bench;

import org.jspecify.annotations.NullMarked;
