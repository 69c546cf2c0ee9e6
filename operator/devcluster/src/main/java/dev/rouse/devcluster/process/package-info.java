/**
 * Child processes that cannot outlive the run they belong to, and the restarting of those that
 * should live.
 */
@NullMarked
package dev.rouse.devcluster.process;

import org.jspecify.annotations.NullMarked;
