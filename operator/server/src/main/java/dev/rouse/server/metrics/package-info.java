/** What a server counts; the page for people is {@code docs/metrics.md}. */
@NullMarked
package dev.rouse.server.metrics;

import org.jspecify.annotations.NullMarked;
