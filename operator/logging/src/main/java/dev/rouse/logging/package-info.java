/** How operator, server and brain write their log lines: as text for people, or as JSON. */
@NullMarked
package dev.rouse.logging;

import org.jspecify.annotations.NullMarked;
