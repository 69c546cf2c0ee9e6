/**
 * What a strict provider refuses, whatever the protocol; and whether a conversation still is what
 * it was.
 */
@NullMarked
package dev.rouse.devcluster.model.judge;

import org.jspecify.annotations.NullMarked;
