/**
 * The dev node: registers itself with an API server and runs the pods bound to it as local
 * processes.
 */
@NullMarked
package dev.rouse.devcluster.node;

import org.jspecify.annotations.NullMarked;
