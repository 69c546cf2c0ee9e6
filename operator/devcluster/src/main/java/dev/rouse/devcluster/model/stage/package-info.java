/**
 * Between a protocol and the scripts: has a conversation judged, finds what to answer, and counts
 * the call. A protocol reads requests and writes answers, and needs nothing else.
 */
@NullMarked
package dev.rouse.devcluster.model.stage;

import org.jspecify.annotations.NullMarked;
