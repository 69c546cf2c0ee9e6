/**
 * The dev cluster that the tests share, and ways to look at it and at its sessions from outside.
 */
@NullMarked
package dev.rouse.e2e.cluster;

import org.jspecify.annotations.NullMarked;
