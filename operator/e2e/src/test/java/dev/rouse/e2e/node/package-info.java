/**
 * What holds on real nodes: Rouse installed by its chart, its pods as real containers behind real
 * policies. {@code make e2e} runs these tests, {@code make test} does not.
 */
@NullMarked
package dev.rouse.e2e.node;

import org.jspecify.annotations.NullMarked;
