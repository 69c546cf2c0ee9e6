/** A store without durability, for tests. */
@NullMarked
package dev.rouse.log.memory;

import org.jspecify.annotations.NullMarked;
