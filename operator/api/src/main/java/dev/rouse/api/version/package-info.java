/**
 * Versions of agents: immutable ControllerRevisions. Creating one is the commit of the version;
 * there is no other record of it.
 */
@NullMarked
package dev.rouse.api.version;

import org.jspecify.annotations.NullMarked;
