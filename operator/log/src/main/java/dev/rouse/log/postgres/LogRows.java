package dev.rouse.log.postgres;

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
import java.util.OptionalLong;

/** Appends and heads. Each statement is a transaction of its own, so each is one round trip. */
final class LogRows {

  /**
   * Set with the very statement, for this transaction: whatever the server, the role, or a pooler
   * between us and it has as default, the answer comes when the COMMIT is on the disk. A default
   * that waits for more is kept.
   */
  static final String DURABLY =
      "set_config('synchronous_commit', CASE current_setting('synchronous_commit')"
          + " WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true)";

  private final String make;
  private final String move;
  private final String look;
  private final String head;
  private final String mark;
  private final String total;

  LogRows(String schema) {
    String logs = schema + ".logs";
    String added =
        " AS (INSERT INTO "
            + schema
            + ".commits (uid, first, last, append_id, body) SELECT ?, ?, ?, ?, ? FROM moved)"
            + " SELECT bytes, "
            + DURABLY
            + " FROM moved";
    this.make =
        "WITH moved AS (INSERT INTO "
            + logs
            + " (head, bytes, uid, namespace, session_name) VALUES (?, ?, ?, ?, ?)"
            + " ON CONFLICT (uid) DO NOTHING RETURNING bytes), added"
            + added;
    this.move =
        "WITH moved AS (UPDATE "
            + logs
            + " SET head = ?, bytes = bytes + ? WHERE uid = ? AND head = ? AND NOT deleted"
            + " RETURNING bytes), added"
            + added;
    this.look = "SELECT head, bytes, deleted FROM " + logs + " WHERE uid = ?";
    this.head = "SELECT head, bytes FROM " + logs + " WHERE uid = ? AND NOT deleted";
    this.mark =
        "WITH marked AS (UPDATE "
            + logs
            + " SET deleted = true WHERE uid = ? RETURNING uid) SELECT 1, "
            + DURABLY
            + " FROM marked";
    this.total = "SELECT coalesce(sum(bytes), 0)::bigint FROM " + logs;
  }

  Head head(Connection connection, LogKey key) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(head)) {
      statement.setString(1, key.sessionUid());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? new Head(row.getLong(1), row.getLong(2)) : Head.NONE;
      }
    }
  }

  /** Adds a commit if the log ends at {@code expectedHead}: what it takes then, or nothing. */
  OptionalLong append(
      Connection connection, LogKey key, long expectedHead, Commit appended, CommitJson.Text body)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(expectedHead < 0 ? make : move)) {
      int at = 0;
      statement.setLong(++at, appended.to());
      statement.setLong(++at, body.bytes());
      statement.setString(++at, key.sessionUid());
      if (expectedHead < 0) {
        statement.setString(++at, key.namespace());
        statement.setString(++at, key.sessionName());
      } else {
        statement.setLong(++at, expectedHead);
      }
      statement.setString(++at, key.sessionUid());
      statement.setLong(++at, appended.from());
      statement.setLong(++at, appended.to());
      // For people; the body has it as it is. PostgreSQL's text has no character 0.
      statement.setString(++at, appended.appendId().replace('\0', '\ufffd'));
      statement.setString(++at, body.json());
      return number(statement);
    }
  }

  /** Why nothing was appended. */
  AppendResult.Conflict refused(Connection connection, LogKey key) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(look)) {
      statement.setString(1, key.sessionUid());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next() || row.getBoolean(3)) {
          throw new LogDeleted("the log of " + key.describe() + " was deleted", null);
        }
        return new AppendResult.Conflict(new Head(row.getLong(1), row.getLong(2)));
      }
    }
  }

  /** Marks a log as deleted: from the COMMIT on there is none. @return whether it was there */
  boolean mark(Connection connection, String uid) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(mark)) {
      statement.setString(1, uid);
      return number(statement).isPresent();
    }
  }

  /** What all logs take. */
  long totalBytes(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(total)) {
      return number(statement).orElse(0);
    }
  }

  static OptionalLong number(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
    }
  }
}
