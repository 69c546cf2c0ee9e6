package dev.rouse.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.log.AppendResult;
import dev.rouse.log.Given;
import dev.rouse.log.LogCorrupt;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogTooNew;
import dev.rouse.session.EventCodec;
import dev.rouse.session.LogRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that was written once, by the first version of the format, stays readable. */
class SqliteFormatTest {

  private static final Path FIXTURE = Path.of("src/test/resources/sqlite-format-1/rouse.db");
  private static final Path RECORDS = Path.of("src/test/resources/log-format-1/records.ndjson");
  private static final LogKey KEY =
      new LogKey("team-a", "review", "7f0e3c52-6a0e-4d6e-9a53-0d8a6c1b2f11");

  @TempDir private Path directory;

  private SqliteLogStore open() {
    return SqliteLogStore.open(
        SqliteSettings.in(directory),
        code -> {
          throw new AssertionError("the process would have ended with " + code);
        });
  }

  private void change(String statement) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(Database.NAME));
        Statement change = connection.createStatement()) {
      change.executeUpdate(statement);
    }
  }

  @Test
  void aDatabaseOfFormatOneIsReadAndGoesOn() throws IOException {
    // Given
    Files.copy(FIXTURE, directory.resolve(Database.NAME));
    try (SqliteLogStore store = open()) {
      // When
      List<LogRecord> records =
          store.read(KEY, 0, Integer.MAX_VALUE).flatMap(c -> c.records().stream()).toList();
      // Then
      StringBuilder lines = new StringBuilder();
      for (LogRecord record : records) {
        lines.append(EventCodec.JSON.writeValueAsString(record)).append('\n');
      }
      assertThat(lines).hasToString(Files.readString(RECORDS));
      long head = records.size() - 1;
      assertThat(store.head(KEY).seq()).isEqualTo(head);
      assertThat(store.append(KEY, head, Given.commit(head, "more", Given.message("go on"))))
          .isInstanceOf(AppendResult.Stored.class);
    }
  }

  @Test
  void aNewerFormatIsRefusedAndLeftAsItIs() throws Exception {
    // Given
    Files.copy(FIXTURE, directory.resolve(Database.NAME));
    change(
        "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
            + " checksum, installed_by, installed_on, execution_time, success) SELECT 99, '7',"
            + " 'later', type, 'V7__later.sql', 1, installed_by, installed_on, 1, 1 FROM"
            + " flyway_schema_history LIMIT 1");
    byte[] before = Files.readAllBytes(directory.resolve(Database.NAME));
    // When
    assertThatThrownBy(this::open)
        // Then
        .isInstanceOf(LogTooNew.class)
        .hasMessageContaining("format 7")
        .hasMessageContaining("knows 1");
    assertThat(Files.readAllBytes(directory.resolve(Database.NAME))).isEqualTo(before);
  }

  @Test
  void aDatabaseOfSomebodyElseIsRefused() throws Exception {
    // Given
    change("CREATE TABLE theirs (id INTEGER)");
    // When
    assertThatThrownBy(this::open)
        // Then
        .isInstanceOf(LogCorrupt.class)
        .hasMessageContaining(Database.NAME);
  }

  @Test
  void aFileThatIsNoDatabaseIsRefused() throws IOException {
    // Given
    Files.writeString(directory.resolve(Database.NAME), "not a database ".repeat(1000));
    // When
    assertThatThrownBy(this::open)
        // Then
        .isInstanceOf(LogCorrupt.class)
        .hasMessageContaining(Database.NAME);
  }
}
