/** The life of one pod: from its binding to the removal of its object. */
@NullMarked
package dev.rouse.devcluster.node.pod;

import org.jspecify.annotations.NullMarked;
