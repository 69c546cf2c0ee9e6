/** Tests of the store in SQLite. */
@NullMarked
package dev.rouse.log.sqlite;

import org.jspecify.annotations.NullMarked;
