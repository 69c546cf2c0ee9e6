package dev.rouse.log.postgres;

import java.sql.SQLException;
import org.postgresql.util.PSQLException;

/**
 * What an error means to those who wait for an answer. Only what the database itself refused is
 * undone for sure; a connection that broke, on whichever side, says nothing about what was sent.
 */
enum Fault {
  /** Undone: this one commit is more than a row can hold. */
  TOO_LARGE,
  /** Undone: this one log is not as this program keeps it. */
  ODD,
  /** Undone: the database has become one that takes no writes. */
  READ_ONLY,
  /** Undone, and the same call may succeed later. */
  REFUSED,
  /** What was sent may or may not have been done. */
  LOST;

  static Fault of(SQLException e) {
    String state = e.getSQLState();
    boolean told = e instanceof PSQLException error && error.getServerErrorMessage() != null;
    if (!told
        || state == null
        // Connections that fail or are ended: the server may have committed just before.
        || state.startsWith("08")
        || state.startsWith("57P")
        || state.equals("40003")) {
      return LOST;
    }
    if (state.startsWith("54")) {
      return TOO_LARGE;
    }
    if (state.equals("23505") || state.equals("XX001") || state.equals("XX002")) {
      return ODD;
    }
    return state.equals("25006") ? READ_ONLY : REFUSED;
  }

  /** What people can do about it, for the end of a message. */
  static String advice(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return switch (state) {
      case "25006" ->
          "it takes no writes, as a standby does: it is asked again on a new connection; if that"
              + " stays so, name the primary";
      case "53100" -> "its disk is full: enlarge it or delete sessions that are done";
      case "57014" -> "it took too long: see what else the database is doing";
      case "42501" -> "give the role its rights on the schema back";
      case "42P01" -> "its tables are gone: restore them, or restart the server to begin anew";
      default -> "try again";
    };
  }
}
