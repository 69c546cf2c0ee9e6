package dev.rouse.log.postgres;

import dev.rouse.log.LogCorrupt;
import dev.rouse.log.LogUnavailable;
import dev.rouse.log.sql.Format;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;

/**
 * The tables in their schema: made, brought up to this version's format, and refused if they are of
 * a newer one. Servers that start at once take turns, by a lock in the database.
 */
final class Schema {

  /** The newest format that this version knows: the last script in {@code migration}. */
  static final MigrationVersion KNOWN = MigrationVersion.fromVersion("1");

  /** A change of large tables takes its time. */
  private static final long SECONDS = 3600;

  private Schema() {}

  static void migrate(PostgresSettings settings) {
    String what = "in the schema " + settings.schema() + " of the database " + settings.where();
    try {
      Flyway flyway =
          Flyway.configure(Schema.class.getClassLoader())
              .dataSource(new Source(settings, "primary").withAnswerIn(SECONDS))
              .schemas(settings.schema())
              .locations("classpath:dev/rouse/log/postgres/migration")
              .load();
      Format.bringUp(flyway, KNOWN, what);
    } catch (FlywayException e) {
      throw failed(settings, what, e);
    }
  }

  private static RuntimeException failed(
      PostgresSettings settings, String what, FlywayException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException error) {
        return "42501".equals(error.getSQLState())
            ? new LogUnavailable(
                "the role "
                    + settings.user()
                    + " may not make or change the tables of the log store "
                    + what
                    + ": run CREATE SCHEMA "
                    + settings.schema()
                    + " AUTHORIZATION "
                    + settings.user()
                    + " there, or make the role its owner",
                e)
            : new LogUnavailable(
                "the tables of the log store "
                    + what
                    + " were not brought up to date: "
                    + error.getMessage(),
                e);
      }
    }
    return new LogCorrupt(
        "what is "
            + what
            + " is no log store that this program made, or was changed since: give it another"
            + " schema (currentSchema in ROUSE_STORE_URL), or go back to a copy ("
            + e.getMessage()
            + ")",
        e);
  }
}
