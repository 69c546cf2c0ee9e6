/** The brain's side of the internal protocol with the server. */
@NullMarked
package dev.rouse.harness.server;

import org.jspecify.annotations.NullMarked;
