package dev.rouse.log.sqlite;

import dev.rouse.log.LogCorrupt;
import dev.rouse.log.sql.Format;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
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
      Format.bringUp(flyway, KNOWN, file.toString());
    } catch (FlywayException e) {
      throw new LogCorrupt(
          file
              + " is not a log store that this program made, or was changed since: move it away to"
              + " begin anew, or go back to a copy",
          e);
    }
  }
}
