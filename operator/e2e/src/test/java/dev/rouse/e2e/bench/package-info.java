/** What the whole system costs, measured on a dev cluster. {@code make bench} calls it. */
@NullMarked
package dev.rouse.e2e.bench;

import org.jspecify.annotations.NullMarked;
