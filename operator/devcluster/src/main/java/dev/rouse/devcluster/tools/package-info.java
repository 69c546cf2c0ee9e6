/**
 * Where the programs of the control plane are: found in a cache that {@code hack/tools.sh} fills.
 */
@NullMarked
package dev.rouse.devcluster.tools;

import org.jspecify.annotations.NullMarked;
