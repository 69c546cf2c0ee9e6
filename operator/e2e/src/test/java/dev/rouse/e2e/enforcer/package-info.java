/**
 * A small enforcer of NetworkPolicies over nftables: for a test bed whose network plugin enforces
 * none. It knows what our policies and those of the tests say, and refuses what it does not know.
 *
 * <p>What it proves: that the policies, as objects, open and close what they are meant to, tried
 * with real connections. What it does not prove: how the network plugin of a real cluster behaves.
 */
@NullMarked
package dev.rouse.e2e.enforcer;

import org.jspecify.annotations.NullMarked;
