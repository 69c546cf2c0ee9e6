/**
 * One process that outlives the node program: started behind a shim, adopted again, ended with all
 * it left.
 */
@NullMarked
package dev.rouse.devcluster.node.process;

import org.jspecify.annotations.NullMarked;
