/**
 * What happened: calls, faults and fingerprints, in memory and, if asked for, in a file that
 * outlives the process.
 */
@NullMarked
package dev.rouse.devcluster.model.ledger;

import org.jspecify.annotations.NullMarked;
