package dev.rouse.log.postgres;

import dev.rouse.log.LogKey;
import dev.rouse.log.sql.CommitReader;
import dev.rouse.log.sql.CommitRow;
import dev.rouse.log.sql.Page;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The pages of one log. Each is one statement, so it sees the head and the commits of one moment:
 * what is not there then is missing.
 */
final class CommitPages implements Page.Source {

  private static final int PAGE_ROWS = 256;
  private static final long PAGE_BYTES = 512 * 1024;

  /**
   * Lengths are in the rows themselves; only the bodies that are sent are unpacked. They are put in
   * order here: they come in order anyway, and the database would copy all of them to be sure.
   */
  private static final String PAGE =
      """
      SELECT l.head, c.first, c.last, c.body
      FROM %1$s.logs l LEFT JOIN LATERAL (
        SELECT first, last, body FROM (
          SELECT first, last, body,
            sum(octet_length(body)::bigint) OVER (ORDER BY first) - octet_length(body) AS before
          FROM (
            SELECT first, last, body FROM %1$s.commits
            WHERE uid = l.uid AND last >= ? AND first < ?
              AND first >= coalesce(
                (SELECT max(first) FROM %1$s.commits WHERE uid = l.uid AND first <= ?), 0)
            ORDER BY first LIMIT %2$d) candidates) sized
        WHERE before < %3$d) c ON true
      WHERE l.uid = ? AND NOT l.deleted
      """;

  private final LogKey key;
  private final Connections connections;
  private final String page;
  private final long end;

  CommitPages(LogKey key, Connections connections, String schema, long end) {
    this.key = key;
    this.connections = connections;
    this.page = PAGE.formatted(schema, PAGE_ROWS, PAGE_BYTES);
    this.end = end;
  }

  @Override
  public Page load(long next) {
    return connections.read(key.describe(), connection -> load(connection, next));
  }

  private Page load(Connection connection, long next) throws SQLException {
    List<CommitRow> rows = new ArrayList<>();
    long head;
    try (PreparedStatement statement = connection.prepareStatement(page)) {
      statement.setLong(1, next);
      statement.setLong(2, end);
      statement.setLong(3, next);
      statement.setString(4, key.sessionUid());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Page.END;
        }
        head = row.getLong(1);
        do {
          byte[] body = row.getBytes(4);
          if (body != null) {
            rows.add(new CommitRow(row.getLong(2), row.getLong(3), body));
          }
        } while (row.next());
      }
    }
    rows.sort(Comparator.comparingLong(CommitRow::first));
    long wanted = Math.min(head, end - 1);
    if (rows.isEmpty()) {
      if (next <= wanted) {
        throw CommitReader.missing(key, next);
      }
      return Page.END;
    }
    long last = rows.getLast().last();
    if (last > head) {
      throw CommitReader.damaged(
          key, "it holds record " + last + " though it ends at " + head, null);
    }
    return new Page(rows, last < wanted);
  }
}
