@NullMarked
package dev.rouse.log.postgres;

import org.jspecify.annotations.NullMarked;
