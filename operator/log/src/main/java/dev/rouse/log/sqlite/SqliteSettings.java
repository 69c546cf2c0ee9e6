package dev.rouse.log.sqlite;

import java.nio.file.Path;

/**
 * How logs are kept in SQLite.
 *
 * @param directory where the database is, on a local file system; made if it is not there
 * @param readers connections that read at the same time
 * @param maxCommitBytes the largest commit in bytes of JSON; SQLite holds 1,000,000,000 at most
 * @param walBytes from which size of the write-ahead log readers are waited for, so that it can
 *     begin anew
 */
public record SqliteSettings(Path directory, int readers, int maxCommitBytes, long walBytes) {

  /** What SQLite takes in one row. */
  private static final int MAX_ROW = 1_000_000_000;

  public SqliteSettings {
    if (readers < 1 || maxCommitBytes < 1 || maxCommitBytes > MAX_ROW || walBytes < 1) {
      throw new IllegalArgumentException(
          "SQLite store: need readers >= 1, 1 <= maxCommitBytes <= 1000000000 and walBytes >= 1");
    }
  }

  /** The usual settings for this directory. */
  public static SqliteSettings in(Path directory) {
    return new SqliteSettings(directory, 4, MAX_ROW, 64L * 1024 * 1024);
  }
}
