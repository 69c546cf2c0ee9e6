/** What the loop asks of a model, whoever provides it. */
@NullMarked
package dev.rouse.harness.model;

import org.jspecify.annotations.NullMarked;
