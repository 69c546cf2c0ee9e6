/** The node's HTTPS endpoint: container logs, health, and which process belongs to which pod. */
@NullMarked
package dev.rouse.devcluster.node.kubelet;

import org.jspecify.annotations.NullMarked;
