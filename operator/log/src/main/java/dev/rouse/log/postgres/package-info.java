/**
 * Session logs in PostgreSQL: any number of servers over one database.
 *
 * <p>An append is one statement and one transaction: it moves the log's head if it stands where the
 * caller thinks, adds the commit, and is answered after the COMMIT is on the disk. Whoever comes
 * second finds another head. What an error means is decided by who reports it: what the database
 * itself refused is undone, and everything else is an unknown outcome.
 *
 * <p>Servers tell each other of changes by NOTIFY, many in one, and only as a hint: each looks at
 * the heads of the logs that it has open every two seconds, and five times a second while it cannot
 * listen.
 *
 * <p>The tables are for people, too: {@code logs} has a row for each log, {@code commits} a row for
 * each commit with its JSON.
 */
@NullMarked
package dev.rouse.log.postgres;

import org.jspecify.annotations.NullMarked;
