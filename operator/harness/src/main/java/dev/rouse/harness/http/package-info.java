/** Blocking HTTP calls over Vert.x, for code on virtual threads. */
@NullMarked
package dev.rouse.harness.http;

import org.jspecify.annotations.NullMarked;
