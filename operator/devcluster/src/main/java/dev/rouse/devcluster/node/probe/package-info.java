/** Startup, readiness and liveness probes. */
@NullMarked
package dev.rouse.devcluster.node.probe;

import org.jspecify.annotations.NullMarked;
