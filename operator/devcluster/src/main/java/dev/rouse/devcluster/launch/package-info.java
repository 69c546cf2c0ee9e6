/**
 * The whole dev cluster: control plane, node, provisioner, scripted model, operator and server in
 * one run directory.
 */
@NullMarked
package dev.rouse.devcluster.launch;

import org.jspecify.annotations.NullMarked;
