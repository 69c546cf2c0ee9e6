/**
 * Programs that use the public API as their makers document it: the official SDKs, and curl. They
 * know nothing of Rouse but an address, a key and whom to trust.
 */
@NullMarked
package dev.rouse.e2e.client;

import org.jspecify.annotations.NullMarked;
