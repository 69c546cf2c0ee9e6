package dev.rouse.log.sqlite;

import dev.rouse.log.AppendResult;
import dev.rouse.log.Commit;
import dev.rouse.log.Head;
import dev.rouse.log.LogDeleted;
import dev.rouse.log.LogKey;
import dev.rouse.log.sql.CommitJson;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The statements of the one connection that writes, prepared once: an append is two of them. For
 * use by one thread.
 */
final class LogRows {

  /** What is removed in one go, so that appends do not wait long for it. */
  private static final int REMOVED_ROWS = 512;

  private static final long REMOVED_BYTES = 4L * 1024 * 1024;

  private static final String MAKE =
      "INSERT INTO logs (uid, namespace, session_name, head, bytes) VALUES (?, ?, ?, ?, ?)"
          + " ON CONFLICT (uid) DO NOTHING RETURNING bytes";
  private static final String MOVE =
      "UPDATE logs SET head = ?, bytes = bytes + ? WHERE uid = ? AND head = ? AND deleted = 0"
          + " RETURNING bytes";
  private static final String ADD =
      "INSERT INTO commits (uid, first, last, append_id, body) VALUES (?, ?, ?, ?, ?)";
  private static final String LOOK = "SELECT head, bytes, deleted FROM logs WHERE uid = ?";
  private static final String MARK = "UPDATE logs SET deleted = 1 WHERE uid = ?";
  private static final String MARKED = "SELECT uid FROM logs WHERE deleted = 1";
  private static final String SIZES =
      "SELECT last, octet_length(body) FROM commits WHERE uid = ? ORDER BY last LIMIT "
          + REMOVED_ROWS;
  private static final String REMOVE = "DELETE FROM commits WHERE uid = ? AND last <= ?";
  private static final String FORGET =
      "DELETE FROM logs WHERE uid = ? AND deleted = 1 RETURNING bytes";
  private static final String TOTAL = "SELECT coalesce(sum(bytes), 0) FROM logs";
  private static final String CHECKPOINT = "PRAGMA wal_checkpoint(TRUNCATE)";

  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  LogRows(Connection connection) {
    this.connection = connection;
  }

  private PreparedStatement statement(String sql) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    return statement;
  }

  /** Prepares everything anew: the driver closes some of the statements that fail. */
  void renew() throws SQLException {
    for (PreparedStatement statement : prepared.values()) {
      statement.close();
    }
    prepared.clear();
  }

  void begin() throws SQLException {
    statement("BEGIN IMMEDIATE").execute();
  }

  void commit() throws SQLException {
    statement("COMMIT").execute();
  }

  /** Undoes the whole transaction after an error, unless SQLite has done so by itself. */
  void rollback() throws SQLException {
    renew();
    try {
      statement("ROLLBACK").execute();
    } catch (SQLException e) {
      if (!String.valueOf(e.getMessage()).contains("no transaction is active")) {
        throw e;
      }
      renew();
    }
  }

  /** Adds a commit if the log ends at {@code expectedHead}. */
  AppendResult append(LogKey key, long expectedHead, Commit appended, CommitJson.Text body)
      throws SQLException {
    OptionalLong bytes =
        expectedHead < 0
            ? make(key, appended.to(), body.bytes())
            : move(key, expectedHead, appended.to(), body.bytes());
    if (bytes.isEmpty()) {
      return refused(key, expectedHead);
    }
    PreparedStatement add = statement(ADD);
    add.setString(1, key.sessionUid());
    add.setLong(2, appended.from());
    add.setLong(3, appended.to());
    add.setString(4, appended.appendId());
    add.setString(5, body.json());
    add.executeUpdate();
    // The body may be large, and the statement would keep it.
    add.clearParameters();
    return new AppendResult.Stored(new Head(appended.to(), bytes.getAsLong()));
  }

  private OptionalLong make(LogKey key, long head, long bytes) throws SQLException {
    PreparedStatement make = statement(MAKE);
    make.setString(1, key.sessionUid());
    make.setString(2, key.namespace());
    make.setString(3, key.sessionName());
    make.setLong(4, head);
    make.setLong(5, bytes);
    return number(make);
  }

  private OptionalLong move(LogKey key, long from, long to, long bytes) throws SQLException {
    PreparedStatement move = statement(MOVE);
    move.setLong(1, to);
    move.setLong(2, bytes);
    move.setString(3, key.sessionUid());
    move.setLong(4, from);
    return number(move);
  }

  private AppendResult refused(LogKey key, long expectedHead) throws SQLException {
    PreparedStatement look = statement(LOOK);
    look.setString(1, key.sessionUid());
    try (ResultSet row = look.executeQuery()) {
      if (!row.next() || row.getBoolean(3)) {
        throw new LogDeleted("the log of " + key.describe() + " was deleted", null);
      }
      return new AppendResult.Conflict(new Head(row.getLong(1), row.getLong(2)));
    }
  }

  /** Marks a log as deleted: from the COMMIT on there is none. @return whether it was there */
  boolean mark(String uid) throws SQLException {
    PreparedStatement mark = statement(MARK);
    mark.setString(1, uid);
    return mark.executeUpdate() > 0;
  }

  /** The logs that are marked and not gone yet. */
  List<String> marked() throws SQLException {
    List<String> uids = new ArrayList<>();
    try (ResultSet rows = statement(MARKED).executeQuery()) {
      while (rows.next()) {
        uids.add(rows.getString(1));
      }
    }
    return uids;
  }

  /** Removes some commits of a log. @return whether there may be more */
  boolean removeSome(String uid) throws SQLException {
    long last = -1;
    int rows = 0;
    long bytes = 0;
    PreparedStatement sizes = statement(SIZES);
    sizes.setString(1, uid);
    try (ResultSet row = sizes.executeQuery()) {
      while (bytes < REMOVED_BYTES && row.next()) {
        last = row.getLong(1);
        bytes += row.getLong(2);
        rows++;
      }
    }
    if (rows == 0) {
      return false;
    }
    PreparedStatement remove = statement(REMOVE);
    remove.setString(1, uid);
    remove.setLong(2, last);
    remove.executeUpdate();
    return true;
  }

  /** Removes the row of a marked log. @return what it took; 0 if it was gone */
  long forget(String uid) throws SQLException {
    PreparedStatement forget = statement(FORGET);
    forget.setString(1, uid);
    return number(forget).orElse(0);
  }

  /** What all logs take. */
  long totalBytes() throws SQLException {
    return number(statement(TOTAL)).orElse(0);
  }

  /**
   * Moves the write-ahead log into the file and empties it. @return whether no reader was in the
   * way
   */
  boolean checkpoint() throws SQLException {
    return number(statement(CHECKPOINT)).orElse(1) == 0;
  }

  private static OptionalLong number(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      OptionalLong number = row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
      // A statement that changes something is done only when it was read to its end.
      row.next();
      return number;
    }
  }
}
