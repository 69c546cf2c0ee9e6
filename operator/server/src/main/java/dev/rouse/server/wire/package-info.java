/**
 * The public HTTP API: the Managed Agents wire contract, as far as it is implemented. Clients'
 * bodies go through here and nowhere else.
 */
@NullMarked
package dev.rouse.server.wire;

import org.jspecify.annotations.NullMarked;
