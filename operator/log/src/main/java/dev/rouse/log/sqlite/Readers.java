package dev.rouse.log.sqlite;

import dev.rouse.log.LogUnavailable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/** Short reads on connections that never write; a reader waits until one is free. */
final class Readers {

  /** Something to be read. */
  @FunctionalInterface
  interface Read<T> {
    T from(Connection connection) throws SQLException;
  }

  private final Database database;
  private final Ending ending;

  Readers(Database database, Ending ending) {
    this.database = database;
    this.ending = ending;
  }

  /** Reads. @param what the log that it is about, for messages */
  <T> T read(String what, Read<T> read) {
    Connection connection;
    try {
      connection = database.reader();
    } catch (SQLTransientConnectionException e) {
      throw new LogUnavailable(
          "too many read the log store at once, or it is closed: " + what + " was not read", e);
    } catch (SQLException e) {
      throw new LogUnavailable("the log store is closed: " + what + " was not read", e);
    }
    try (connection) {
      return read.from(connection);
    } catch (SQLException e) {
      switch (Fault.of(e)) {
        case FATAL -> {
          // Who closes the store takes the connections from those who read.
          if (!database.isClosed()) {
            ending.end(e);
          }
        }
        case TOO_LARGE, ODD, FULL, BUSY -> {}
      }
      throw new LogUnavailable(what + " could not be read: try again", e);
    }
  }
}
