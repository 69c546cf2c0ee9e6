/** What Rouse needs is away, slow, full or tampered with: what people see, and how it goes on. */
@NullMarked
package dev.rouse.e2e.trouble;

import org.jspecify.annotations.NullMarked;
