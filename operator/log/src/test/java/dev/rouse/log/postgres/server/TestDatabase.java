package dev.rouse.log.postgres.server;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A database of one test.
 *
 * @param server where it is
 * @param name its name, and that of the role that owns it
 * @param url for JDBC
 * @param passwordFile the file with the role's password
 */
public record TestDatabase(PostgresServer server, String name, String url, Path passwordFile) {

  /** The role. */
  public String user() {
    return name;
  }

  /** A connection of the administrator to it. */
  public Connection admin() throws SQLException {
    return server.admin(name);
  }

  /** Does something in it as the administrator. */
  public void execute(String statement) {
    try (Connection connection = admin();
        Statement execute = connection.createStatement()) {
      execute.execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(statement, e);
    }
  }

  /** One value, as the administrator sees it. */
  public <T> T query(String query, Class<T> type) {
    try (Connection connection = admin();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      if (!row.next()) {
        throw new IllegalStateException("no row: " + query);
      }
      return row.getObject(1, type);
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }
}
