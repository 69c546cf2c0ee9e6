/** The certificate that the server makes for itself, and where everybody finds its CA. */
@NullMarked
package dev.rouse.server.tls;

import org.jspecify.annotations.NullMarked;
