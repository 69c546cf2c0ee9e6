/**
 * Agents and Environments as the public wire spells them: bodies read into specs with every rule
 * checked, and specs written as bodies with every default resolved. Pure.
 */
@NullMarked
package dev.rouse.api.wire;

import org.jspecify.annotations.NullMarked;
