package dev.rouse.log.sqlite;

import dev.rouse.log.LogKey;
import dev.rouse.log.sql.CommitRow;
import dev.rouse.log.sql.Page;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The pages of one log. None holds a snapshot longer than it is read, for that keeps the
 * write-ahead log from beginning anew.
 */
final class CommitPages implements Page.Source {

  private static final int PAGE_ROWS = 256;
  private static final long PAGE_BYTES = 512 * 1024;

  private static final String PAGE =
      "SELECT c.first, c.last, c.body FROM commits c JOIN logs l ON l.uid = c.uid"
          + " WHERE c.uid = ? AND c.last >= ? AND c.first < ? AND l.deleted = 0"
          + " ORDER BY c.last LIMIT "
          + PAGE_ROWS;

  private final LogKey key;
  private final Readers readers;
  private final long end;

  CommitPages(LogKey key, Readers readers, long end) {
    this.key = key;
    this.readers = readers;
    this.end = end;
  }

  @Override
  public Page load(long next) {
    List<CommitRow> rows = readers.read(key.describe(), connection -> rows(connection, next));
    return new Page(rows, !rows.isEmpty());
  }

  private List<CommitRow> rows(Connection connection, long next) throws SQLException {
    List<CommitRow> rows = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(PAGE)) {
      statement.setString(1, key.sessionUid());
      statement.setLong(2, next);
      statement.setLong(3, end);
      long bytes = 0;
      try (ResultSet row = statement.executeQuery()) {
        while (bytes < PAGE_BYTES && row.next()) {
          byte[] body = row.getBytes(3);
          rows.add(new CommitRow(row.getLong(1), row.getLong(2), body));
          bytes += body.length;
        }
      }
    }
    return rows;
  }
}
