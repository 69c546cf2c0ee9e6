/**
 * The demo: a real agent at real work, whose brain is killed, and what can be proved afterwards.
 */
@NullMarked
package dev.rouse.devcluster.demo;

import org.jspecify.annotations.NullMarked;
