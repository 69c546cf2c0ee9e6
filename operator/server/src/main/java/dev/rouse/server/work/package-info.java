/**
 * Work items of self-hosted environments: who works for which session. A Lease each, and nothing
 * that is true hangs on one: results are ordered and de-duplicated by the log alone.
 */
@NullMarked
package dev.rouse.server.work;

import org.jspecify.annotations.NullMarked;
