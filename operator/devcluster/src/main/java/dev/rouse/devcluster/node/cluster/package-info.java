/**
 * The node's side of the Kubernetes API: its Node and Lease, events, pod status, referenced
 * objects.
 */
@NullMarked
package dev.rouse.devcluster.node.cluster;

import org.jspecify.annotations.NullMarked;
