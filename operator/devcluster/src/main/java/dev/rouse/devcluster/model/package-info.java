/**
 * A model provider that plays written scripts over the real wire protocol: for tests and the demo,
 * where the answer of a model must be known beforehand and every request must be judged.
 */
@NullMarked
package dev.rouse.devcluster.model;

import org.jspecify.annotations.NullMarked;
