/**
 * Session logs in one SQLite database on a local volume: one server, and many times the appends of
 * the store in ConfigMaps.
 *
 * <p>One thread writes. It takes all appends that wait and answers all of them after one COMMIT
 * that has reached the disk. Reads have connections of their own and neither wait for writes nor
 * hold them up. An I/O error ends the process: after a failed fsync nobody can know what the file
 * holds until it is opened anew.
 *
 * <p>The tables are for people, too: {@code logs} has a row for each log, {@code commits} a row for
 * each commit with its JSON.
 */
@NullMarked
package dev.rouse.log.sqlite;

import org.jspecify.annotations.NullMarked;
