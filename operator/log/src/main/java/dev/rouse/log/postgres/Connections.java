package dev.rouse.log.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import dev.rouse.log.LogCorrupt;
import dev.rouse.log.LogException;
import dev.rouse.log.LogTooLarge;
import dev.rouse.log.LogUnavailable;
import dev.rouse.log.OutcomeUnknown;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.PGConnection;

/**
 * The connections that serve appends and reads. Each call has one for one statement or two, without
 * a transaction around them, and none waits for ever.
 */
final class Connections implements AutoCloseable {

  /** Something to be asked or done. */
  @FunctionalInterface
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  private final PostgresSettings settings;
  private final HikariDataSource pool;
  private final Deadlines deadlines;

  Connections(PostgresSettings settings) {
    this.settings = settings;
    this.deadlines = new Deadlines(settings.patience().answer().multipliedBy(2));
    Source source = new Source(settings, "primary");
    HikariConfig config = new HikariConfig();
    config.setDataSource(source);
    config.setPoolName("log-store");
    config.setConnectionInitSql(source.session());
    config.setMaximumPoolSize(settings.connections());
    config.setMinimumIdle(Math.min(2, settings.connections()));
    config.setConnectionTimeout(settings.patience().connect().toMillis());
    config.setValidationTimeout(settings.patience().connect().toMillis() / 2);
    // It opens when the database is there; the first look has been made already.
    config.setInitializationFailTimeout(-1);
    config.setExceptionOverride(new Eviction());
    this.pool = new HikariDataSource(config);
  }

  /** After these a new connection may lead to a server that does better. */
  private static final class Eviction implements SQLExceptionOverride {
    @java.lang.Override
    public Override adjudicate(SQLException e) {
      return switch (Fault.of(e)) {
        case READ_ONLY -> Override.MUST_EVICT;
        case TOO_LARGE, ODD, REFUSED, LOST -> Override.CONTINUE_EVICT;
      };
    }
  }

  /**
   * Asks something that changes nothing; once more if the connection turns out to be a dead one.
   *
   * @param what what it is about, for messages
   */
  <T> T read(String what, Work<T> work) {
    try {
      return attempt(what, work);
    } catch (SQLException dead) {
      if (Fault.of(dead) != Fault.LOST) {
        throw refused(what, dead);
      }
    }
    try {
      return attempt(what, work);
    } catch (SQLException e) {
      throw Fault.of(e) == Fault.LOST
          ? new LogUnavailable(
              "the database of the log store did not answer: "
                  + what
                  + " was not read, try again ("
                  + e.getMessage()
                  + ")",
              e)
          : refused(what, e);
    }
  }

  /**
   * Changes something.
   *
   * @param what what it is about, for messages
   * @throws OutcomeUnknown when the answer is lost
   */
  <T> T write(String what, Work<T> work) {
    try {
      return attempt(what, work);
    } catch (SQLException e) {
      throw Fault.of(e) == Fault.LOST
          ? new OutcomeUnknown(
              "the database of the log store did not answer: what was written for "
                  + what
                  + " may or may not be stored ("
                  + e.getMessage()
                  + ")",
              e)
          : refused(what, e);
    }
  }

  private <T> T attempt(String what, Work<T> work) throws SQLException {
    try (Connection connection = take(what);
        Deadlines.Deadline _ = deadlines.of(connection.unwrap(PGConnection.class))) {
      return work.on(connection);
    }
  }

  private Connection take(String what) {
    try {
      return pool.getConnection();
    } catch (SQLException e) {
      throw new LogUnavailable(
          pool.isClosed()
              ? "the log store is closed: nothing was asked or changed for " + what
              : busy(e) + ": nothing was asked or changed for " + what + ", try again",
          e);
    }
  }

  private String busy(SQLException e) {
    Duration waited = settings.patience().connect();
    return e.getCause() == null
        ? "all %d connections of the log store are in use for %d s"
            .formatted(settings.connections(), waited.toSeconds())
        : "the database of the log store, %s, cannot be reached (%s)"
            .formatted(settings.where(), e.getCause().getMessage());
  }

  private static LogException refused(String what, SQLException e) {
    return switch (Fault.of(e)) {
      case TOO_LARGE ->
          new LogTooLarge("the database of the log store cannot take so much for " + what, e);
      case ODD ->
          new LogCorrupt(
              "the log store holds commits behind the head of "
                  + what
                  + ", or is damaged: see its table commits ("
                  + e.getMessage()
                  + ")",
              e);
      case READ_ONLY, REFUSED, LOST ->
          new LogUnavailable(
              "the database of the log store refused it, and nothing was changed for "
                  + what
                  + ": "
                  + Fault.advice(e)
                  + " ("
                  + e.getMessage()
                  + ")",
              e);
    };
  }

  boolean isClosed() {
    return pool.isClosed();
  }

  @Override
  public void close() {
    pool.close();
    deadlines.close();
  }
}
