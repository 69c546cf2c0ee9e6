package dev.rouse.log.sqlite;

import dev.rouse.log.Commit;
import dev.rouse.log.LogCorrupt;
import dev.rouse.log.LogKey;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log in pages. Between them it holds no connection and no snapshot: commits never change,
 * and a snapshot that is held keeps the write-ahead log from beginning anew.
 */
final class CommitReader implements Iterator<Commit> {

  private static final int PAGE_ROWS = 256;
  private static final long PAGE_BYTES = 1024 * 1024;

  private static final String PAGE =
      "SELECT c.first, c.last, c.body FROM commits c JOIN logs l ON l.uid = c.uid"
          + " WHERE c.uid = ? AND c.last >= ? AND c.first < ? AND l.deleted = 0"
          + " ORDER BY c.last LIMIT "
          + PAGE_ROWS;

  private record Row(long first, long last, byte[] body) {}

  private final LogKey key;
  private final Readers readers;
  private final long end;
  private final Queue<Row> page = new ArrayDeque<>();
  private long next;
  private boolean begun;
  private boolean finished;

  /** Makes one for the commits that hold records from {@code from} until before {@code end}. */
  CommitReader(LogKey key, Readers readers, long from, long end) {
    this.key = key;
    this.readers = readers;
    this.next = from;
    this.end = end;
  }

  @Override
  public boolean hasNext() {
    if (page.isEmpty() && !finished) {
      finished = next >= end;
      if (!finished) {
        readers.read(key.describe(), this::load);
        finished = page.isEmpty();
      }
    }
    return !page.isEmpty();
  }

  private boolean load(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(PAGE)) {
      statement.setString(1, key.sessionUid());
      statement.setLong(2, next);
      statement.setLong(3, end);
      long bytes = 0;
      try (ResultSet row = statement.executeQuery()) {
        while (bytes < PAGE_BYTES && row.next()) {
          byte[] body = row.getBytes(3);
          page.add(new Row(row.getLong(1), row.getLong(2), body));
          bytes += body.length;
        }
      }
      return true;
    }
  }

  @Override
  public Commit next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Row row = page.remove();
    boolean follows = begun ? row.first() == next : row.first() <= next;
    if (!follows) {
      throw corrupt("record " + next + " is missing", null);
    }
    Commit commit = parse(row);
    if (commit.from() != row.first() || commit.to() != row.last()) {
      throw corrupt(
          "the row of records " + row.first() + " to " + row.last() + " holds others", null);
    }
    begun = true;
    next = row.last() + 1;
    return commit;
  }

  private Commit parse(Row row) {
    try {
      return CommitJson.read(row.body());
    } catch (IOException e) {
      throw corrupt(
          "the row of records " + row.first() + " to " + row.last() + " is not a commit", e);
    }
  }

  private LogCorrupt corrupt(String what, @Nullable Throwable cause) {
    return new LogCorrupt(
        "the log of "
            + key.describe()
            + " is damaged, "
            + what
            + ": see the rows of its UID in the table commits",
        cause);
  }
}
