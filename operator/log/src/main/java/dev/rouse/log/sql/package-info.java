/**
 * What the stores in databases have in common: the form of a commit in a row, how rows are read
 * back, and how a database is brought up to this version's format.
 */
@NullMarked
package dev.rouse.log.sql;

import org.jspecify.annotations.NullMarked;
