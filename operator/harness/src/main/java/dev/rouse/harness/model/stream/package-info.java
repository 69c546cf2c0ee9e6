/** What every protocol with a streamed answer shares: the transport, its errors, its patience. */
@NullMarked
package dev.rouse.harness.model.stream;

import org.jspecify.annotations.NullMarked;
