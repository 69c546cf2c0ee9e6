/** Volumes as directories of this machine. */
@NullMarked
package dev.rouse.devcluster.node.volume;

import org.jspecify.annotations.NullMarked;
