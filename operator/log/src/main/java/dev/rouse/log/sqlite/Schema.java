package dev.rouse.log.sqlite;

import dev.rouse.log.LogCorrupt;
import dev.rouse.log.LogTooNew;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;

/** The format of the database: brought up to this version's, and refused if it is a newer one. */
final class Schema {

  /** The newest format that this version knows: the last script in {@code migration}. */
  static final MigrationVersion KNOWN = MigrationVersion.fromVersion("1");

  private Schema() {}

  static void migrate(Path file, DataSource source) {
    try {
      Flyway flyway =
          Flyway.configure(Schema.class.getClassLoader())
              .dataSource(source)
              .locations("classpath:dev/rouse/log/sqlite/migration")
              .load();
      MigrationInfo current = flyway.info().current();
      if (current != null && current.getVersion().isNewerThan(KNOWN)) {
        throw new LogTooNew(
            "the log store "
                + file
                + " is in format "
                + current.getVersion()
                + ", and this version of Rouse knows "
                + KNOWN
                + ": run the newer version again, or go back to a copy of the file from before it",
            null);
      }
      flyway.migrate();
    } catch (FlywayException e) {
      throw new LogCorrupt(
          file
              + " is not a log store that this program made, or was changed since: move it away to"
              + " begin anew, or go back to a copy",
          e);
    }
  }
}
