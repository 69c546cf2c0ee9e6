/**
 * A cluster of two real nodes on one machine: each a network namespace with a containerd, a kubelet
 * and a kube-proxy of its own, under a control plane that the {@linkplain
 * dev.rouse.devcluster.controlplane.ControlPlane dev cluster} has, too. It needs root.
 *
 * <p>The JVM of the tests runs in the first node's network namespace, where pods and Services can
 * be reached. {@code hack/e2e.sh} brings it there.
 */
@NullMarked
package dev.rouse.e2e.bed;

import org.jspecify.annotations.NullMarked;
