package dev.rouse.log.sqlite;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.Pragma;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;

/** The database file and the connections to it: one that writes, some that only read. */
final class Database implements AutoCloseable {

  static final String NAME = "rouse.db";

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Readers are waited for while nobody is answered: not long. */
  private static final Duration WRITER_PATIENCE = Duration.ofMillis(250);

  private final Path file;
  private final Connection writer;
  private final HikariDataSource readers;

  private Database(Path file, Connection writer, HikariDataSource readers) {
    this.file = file;
    this.writer = writer;
    this.readers = readers;
  }

  /**
   * Opens the database, and brings its format up to this version's.
   *
   * @param writing how the connection that writes is set up
   */
  static Database open(SqliteSettings settings, SQLiteConfig writing) throws SQLException {
    Path file = settings.directory().resolve(NAME);
    DataSource source = source(file, writing);
    // Before the schema: a connection that is left open by a failure would keep the file.
    Schema.migrate(file, source);
    Connection writer = source.getConnection();
    try {
      return new Database(file, writer, readers(file, settings.readers()));
    } catch (RuntimeException e) {
      writer.close();
      throw e;
    }
  }

  /** As this store writes: every COMMIT has reached the disk. */
  static SQLiteConfig writing(SqliteSettings settings) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.FULL);
    config.setBusyTimeout((int) WRITER_PATIENCE.toMillis());
    config.setPragma(Pragma.LIMIT_LENGTH, Integer.toString(settings.maxCommitBytes()));
    // Many sessions write into the same pages again and again: moved to the file once in 32 MiB.
    config.setPragma(Pragma.WAL_AUTOCHECKPOINT, "8192");
    // What is written between two such moves stays allocated; a burst's file is cut back to this.
    config.setJournalSizeLimit(48 * 1024 * 1024);
    config.setGetGeneratedKeys(false);
    return config;
  }

  private static HikariDataSource readers(Path file, int count) {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout((int) PATIENCE.toMillis());
    HikariConfig pool = new HikariConfig();
    pool.setDataSource(source(file, config));
    pool.setPoolName("log-readers");
    pool.setReadOnly(true);
    pool.setMaximumPoolSize(count);
    pool.setConnectionTimeout(PATIENCE.toMillis());
    return new HikariDataSource(pool);
  }

  private static DataSource source(Path file, SQLiteConfig config) {
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source;
  }

  Path file() {
    return file;
  }

  /** Where commits are before they are in the file. */
  Path writeAheadLog() {
    return file.resolveSibling(NAME + "-wal");
  }

  /** The one connection that writes. */
  Connection writer() {
    return writer;
  }

  /** A connection that reads; waits for one to be free. The caller closes it. */
  Connection reader() throws SQLException {
    return readers.getConnection();
  }

  boolean isClosed() {
    return readers.isClosed();
  }

  /** Whoever closes last moves what is in the write-ahead log into the file. */
  @Override
  public void close() throws SQLException {
    readers.close();
    writer.close();
  }
}
