/** What kubelets and scrapers ask a program for. */
@NullMarked
package dev.rouse.api.probe;

import org.jspecify.annotations.NullMarked;
