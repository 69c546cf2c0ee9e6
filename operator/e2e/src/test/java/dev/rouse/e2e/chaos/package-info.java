/** Many sessions at once while parts of the cluster die at random. */
@NullMarked
package dev.rouse.e2e.chaos;

import org.jspecify.annotations.NullMarked;
