/**
 * {@code kubectl rouse}: follow sessions and talk to them from a terminal or a script.
 *
 * <p>It reads objects from the Kubernetes API with the user's kubeconfig and events from the server
 * with a token that the Kubernetes API issues for it; it holds no credential of its own.
 */
@NullMarked
package dev.rouse.cli;

import org.jspecify.annotations.NullMarked;
