package dev.rouse.log.sql;

import dev.rouse.log.LogTooNew;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;

/** The format of a database: brought up to this version's, and refused if it is a newer one. */
public final class Format {

  private Format() {}

  /**
   * Brings it up.
   *
   * @param known the newest format that this version knows: its last script
   * @param what the database, for messages
   * @throws LogTooNew when a newer version wrote it; it is left as it is
   * @throws org.flywaydb.core.api.FlywayException when it is not one of ours, or cannot be changed
   */
  public static void bringUp(Flyway flyway, MigrationVersion known, String what) {
    MigrationInfo current = flyway.info().current();
    if (current != null && current.getVersion().isNewerThan(known)) {
      throw new LogTooNew(
          "the log store "
              + what
              + " is in format "
              + current.getVersion()
              + ", and this version of Rouse knows "
              + known
              + ": run the newer version again, or go back to a copy of it from before",
          null);
    }
    flyway.migrate();
  }
}
