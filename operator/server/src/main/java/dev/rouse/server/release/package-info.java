/** What the chart runs once: a look at a release that was installed, and the end of one. */
@NullMarked
package dev.rouse.server.release;

import org.jspecify.annotations.NullMarked;
