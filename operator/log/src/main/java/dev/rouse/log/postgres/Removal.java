package dev.rouse.log.postgres;

import dev.rouse.log.LogException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes logs that are marked as deleted: commits bit by bit, the row last. Any server may do it,
 * also several at once, and any may take up what another left.
 */
final class Removal {

  private static final Logger LOG = LoggerFactory.getLogger(Removal.class);

  /** What is removed in one go: far less than what fits into the time of a statement. */
  private static final int ROWS = 1000;

  private static final long BYTES = 16L * 1024 * 1024;

  private final Connections connections;
  private final String removeSome;
  private final String forget;
  private final String marked;

  Removal(Connections connections, String schema) {
    this.connections = connections;
    // The row's lock makes several that remove one log take turns.
    this.removeSome =
        """
        WITH mine AS (SELECT uid FROM %1$s.logs WHERE uid = ? AND deleted FOR UPDATE)
        DELETE FROM %1$s.commits WHERE uid = (SELECT uid FROM mine) AND first <= (
          SELECT max(first) FROM (
            SELECT first,
              sum(octet_length(body)::bigint) OVER (ORDER BY first) - octet_length(body) AS before
            FROM (SELECT first, body FROM %1$s.commits WHERE uid = ? ORDER BY first LIMIT %2$d) candidates
          ) sized WHERE before < %3$d)
        """
            .formatted(schema, ROWS, BYTES);
    this.forget =
        ("DELETE FROM %1$s.logs l WHERE uid = ? AND deleted"
                + " AND NOT EXISTS (SELECT FROM %1$s.commits c WHERE c.uid = l.uid) RETURNING bytes")
            .formatted(schema);
    this.marked = "SELECT uid FROM " + schema + ".logs WHERE deleted";
  }

  /** Removes a marked log. @return what it took; 0 if it was gone */
  long remove(String uid) {
    String what = "the deleted log " + uid;
    while (true) {
      if (connections.write(what, connection -> removeSome(connection, uid)) > 0) {
        continue;
      }
      // Another one that removes it may have been faster than this one saw: none is not the end.
      OptionalLong bytes = connections.write(what, connection -> forget(connection, uid));
      if (bytes.isPresent() || !connections.read(what, this::marked).contains(uid)) {
        return bytes.orElse(0);
      }
    }
  }

  private OptionalLong forget(Connection connection, String uid) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(forget)) {
      statement.setString(1, uid);
      return LogRows.number(statement);
    }
  }

  private int removeSome(Connection connection, String uid) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(removeSome)) {
      statement.setString(1, uid);
      statement.setString(2, uid);
      return statement.executeUpdate();
    }
  }

  /** Removes what was marked and is still there, as a server that died leaves it. */
  void finish() {
    try {
      connections.read("the deleted logs", this::marked).forEach(this::remove);
    } catch (LogException e) {
      if (!connections.isClosed()) {
        LOG.atWarn().setCause(e).log("deleted logs are not removed yet; that is tried again");
      }
    }
  }

  private List<String> marked(Connection connection) throws SQLException {
    List<String> uids = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(marked);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        uids.add(row.getString(1));
      }
    }
    return uids;
  }
}
