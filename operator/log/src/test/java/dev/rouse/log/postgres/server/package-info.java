/** A PostgreSQL server of a test's own. */
@NullMarked
package dev.rouse.log.postgres.server;

import org.jspecify.annotations.NullMarked;
