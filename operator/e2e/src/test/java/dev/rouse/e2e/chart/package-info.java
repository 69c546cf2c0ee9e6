/** The Helm chart: what it renders, what it refuses, and its life on a real API server. */
@NullMarked
package dev.rouse.e2e.chart;

import org.jspecify.annotations.NullMarked;
