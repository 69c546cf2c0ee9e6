package dev.rouse.log.postgres;

import dev.rouse.log.LogUnavailable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the database once, at the start, to say in plain words what is wrong with it. */
final class FirstLook {

  private static final Logger LOG = LoggerFactory.getLogger(FirstLook.class);
  private static final int OLDEST = 130_000;

  private static final String LOOK =
      """
      SELECT current_setting('server_version_num')::int, current_setting('server_version'),
        current_setting('server_encoding'), pg_is_in_recovery(),
        current_setting('transaction_read_only')::boolean, current_setting('fsync')::boolean
      """;

  private final PostgresSettings settings;

  private FirstLook(PostgresSettings settings) {
    this.settings = settings;
  }

  /**
   * Looks.
   *
   * @throws LogUnavailable when logs cannot be kept there; the message names the setting
   */
  static void at(PostgresSettings settings) {
    new FirstLook(settings).look();
  }

  private void look() {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(LOOK)) {
      row.next();
      if (row.getInt(1) < OLDEST) {
        throw unfit("it is PostgreSQL " + row.getString(2) + ", and 13 or newer is needed");
      }
      if (!row.getString(3).equals("UTF8")) {
        throw unfit(
            "its encoding is "
                + row.getString(3)
                + ", which does not hold every text: make one with"
                + " CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0");
      }
      if (row.getBoolean(4)) {
        throw unfit(
            "it is a standby, which takes no writes: name the primary, or all servers as in"
                + " jdbc:postgresql://one,two/database");
      }
      if (row.getBoolean(5)) {
        throw unfit(
            "it takes no writes: default_transaction_read_only is on for the role "
                + settings.user()
                + " or the database");
      }
      if (!row.getBoolean(6)) {
        LOG.warn(
            "the database {} runs with fsync off: unless its storage is durable by other means, a"
                + " power failure loses sessions",
            settings.where());
      }
    } catch (SQLException e) {
      throw new LogUnavailable(
          "the database of the log store, " + settings.where() + ", cannot be used: " + reason(e),
          e);
    }
  }

  /** To the primary, and where there is none, to whatever is there. */
  private Connection connect() throws SQLException {
    try {
      return new Source(settings, "primary").getConnection();
    } catch (SQLException e) {
      if (!"08001".equals(e.getSQLState())) {
        throw e;
      }
      return new Source(settings, "any").getConnection();
    }
  }

  private LogUnavailable unfit(String why) {
    return new LogUnavailable(
        "the database that ROUSE_STORE_URL names, "
            + settings.where()
            + ", cannot keep logs: "
            + why,
        null);
  }

  private String reason(SQLException e) {
    String said = " (" + e.getMessage() + ")";
    return switch (String.valueOf(e.getSQLState())) {
      case "28P01", "28000" ->
          "it does not let the role "
              + settings.user()
              + " in: see ROUSE_STORE_USER, "
              + (settings.passwordFile() == null
                  ? "and set ROUSE_STORE_PASSWORD_FILE if it has a password"
                  : "the password in " + settings.passwordFile() + " (ROUSE_STORE_PASSWORD_FILE)")
              + " and the server's pg_hba.conf"
              + said;
      case "08004" ->
          "it refuses the connection: see the role, its password (ROUSE_STORE_PASSWORD_FILE) and"
              + " the server's pg_hba.conf"
              + said;
      case "3D000" ->
          "there is no such database: make it with CREATE DATABASE, or correct ROUSE_STORE_URL"
              + said;
      case "42501" -> "the role " + settings.user() + " lacks the right to connect" + said;
      case "53300" -> "it has no connection left: raise its max_connections" + said;
      case "57P03" -> "it is starting or stopping: the next start will find it" + said;
      case "08001" ->
          "nobody answers there: see ROUSE_STORE_URL, and whether this pod may reach it" + said;
      default -> "see ROUSE_STORE_URL and its TLS options" + said;
    };
  }
}
