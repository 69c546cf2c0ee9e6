/**
 * Ties each log to its {@code Session} object: record 0, the delivery of {@code spec.messages}, and
 * the server's part of the status. Level-triggered: what is to be done follows from object and log,
 * never from the event that drew attention to them.
 */
@NullMarked
package dev.rouse.server.keeper;

import org.jspecify.annotations.NullMarked;
