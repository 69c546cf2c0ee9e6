package dev.rouse.log.bench;

import dev.rouse.log.LogStore;
import dev.rouse.log.sqlite.SqliteLogStore;
import dev.rouse.log.sqlite.SqliteSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;

/** SQLite, beside an insert of the text into another database of the same kind on the same disk. */
final class SqliteBackend implements Backend {

  private final Path directory;
  private final LogStore store;
  private final Connection connection;

  SqliteBackend() throws IOException, SQLException {
    directory = Files.createTempDirectory("rouse-bench");
    store =
        SqliteLogStore.open(
            SqliteSettings.in(directory.resolve("store")), Runtime.getRuntime()::halt);
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.FULL);
    connection = config.createConnection("jdbc:sqlite:" + directory.resolve("bare.db"));
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, body TEXT NOT NULL)");
    }
  }

  @Override
  public LogStore store() {
    return store;
  }

  /** SQLite has one writer at a time: so have all bare writers together. */
  @Override
  public Bare bare(String name) throws SQLException {
    PreparedStatement insert = connection.prepareStatement("INSERT INTO bare (body) VALUES (?)");
    return text -> {
      synchronized (connection) {
        insert.setString(1, text);
        insert.executeUpdate();
      }
    };
  }

  /** Stores texts with one COMMIT for all. */
  void together(int count, Texts texts) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO bare (body) VALUES (?)")) {
      for (int i = 0; i < count; i++) {
        insert.setString(1, texts.next());
        insert.executeUpdate();
      }
      connection.commit();
    }
  }

  @Override
  public long bytesWritten() {
    return Disk.writtenBySelf();
  }

  @Override
  public void close() throws SQLException, IOException {
    store.close();
    connection.close();
    List<Path> all;
    try (Stream<Path> files = Files.walk(directory)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    all.forEach(file -> {
      try {
        Files.delete(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }
}
