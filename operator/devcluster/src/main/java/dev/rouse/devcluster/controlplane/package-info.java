/**
 * A real Kubernetes control plane on loopback: etcd, kube-apiserver, kube-controller-manager,
 * kube-scheduler.
 */
@NullMarked
package dev.rouse.devcluster.controlplane;

import org.jspecify.annotations.NullMarked;
