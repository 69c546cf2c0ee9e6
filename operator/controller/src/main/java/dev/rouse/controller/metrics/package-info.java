/** What the operator counts; the page for people is {@code docs/metrics.md}. */
@NullMarked
package dev.rouse.controller.metrics;

import org.jspecify.annotations.NullMarked;
