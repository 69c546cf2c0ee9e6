package dev.rouse.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.log.Commit;
import dev.rouse.log.Given;
import dev.rouse.log.LogKey;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A store in a test's directory, which may be opened again, and its database as people have it. */
final class TestStore implements AutoCloseable {

  private final Path directory;
  private SqliteLogStore store;

  TestStore(Path directory) {
    this.directory = directory;
    this.store = open(SqliteSettings.in(directory));
  }

  private static SqliteLogStore open(SqliteSettings settings) {
    return SqliteLogStore.open(
        settings,
        code -> {
          throw new AssertionError("the process would have ended with " + code);
        });
  }

  /** The one that was opened last. */
  SqliteLogStore store() {
    return store;
  }

  void reopen(SqliteSettings settings) {
    store.close();
    store = open(settings);
  }

  @Override
  public void close() {
    store.close();
  }

  List<Commit> fill(LogKey key, int count, int size) {
    List<Commit> commits = new ArrayList<>();
    long head = -1;
    for (int i = 0; i < count; i++) {
      Commit commit = Given.commit(head, "a" + i, Given.answer(Given.noise(size, i)));
      store.append(key, head, commit);
      commits.add(commit);
      head = commit.to();
    }
    return commits;
  }

  /** A look at the file as people have it. */
  <T> T sql(String query, Class<T> type) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(Database.NAME));
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      assertThat(row.next()).as(query).isTrue();
      return row.getObject(1, type);
    }
  }

  /** A change behind the store's back. */
  void change(String statement) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(Database.NAME));
        Statement change = connection.createStatement()) {
      change.executeUpdate(statement);
    }
  }
}
