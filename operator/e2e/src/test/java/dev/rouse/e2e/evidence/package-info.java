/** What can be said about a session afterwards, from sources that do not know of each other. */
@NullMarked
package dev.rouse.e2e.evidence;

import org.jspecify.annotations.NullMarked;
