package dev.rouse.log.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.log.AppendResult;
import dev.rouse.log.Given;
import dev.rouse.log.LogCorrupt;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogTooNew;
import dev.rouse.log.postgres.server.PostgresServer;
import dev.rouse.log.postgres.server.TestDatabase;
import dev.rouse.session.EventCodec;
import dev.rouse.session.LogRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database that was written once, by the first version of the format, stays readable. */
class PostgresFormatIT {

  private static final Path FIXTURE = Path.of("src/test/resources/postgres-format-1/rouse.sql");
  private static final Path RECORDS = Path.of("src/test/resources/log-format-1/records.ndjson");
  private static final LogKey KEY =
      new LogKey("team-a", "review", "7f0e3c52-6a0e-4d6e-9a53-0d8a6c1b2f11");

  private static PostgresServer server;
  private TestDatabase database;

  @BeforeAll
  static void start() {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void make() {
    database = server.database();
  }

  private PostgresLogStore open() {
    return PostgresLogStore.open(
        PostgresSettings.of(database.url(), database.user(), database.passwordFile()));
  }

  private void restore() throws IOException {
    database.execute("SET ROLE " + database.user() + ";" + Files.readString(FIXTURE));
  }

  @Test
  void aDatabaseOfFormatOneIsReadAndGoesOn() throws IOException {
    // Given
    restore();
    try (PostgresLogStore store = open()) {
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
  void aNewerFormatIsRefusedAndLeftAsItIs() throws IOException {
    // Given
    restore();
    database.execute(
        "INSERT INTO rouse.flyway_schema_history VALUES"
            + " (99, '7', 'later', 'SQL', 'V7__later.sql', 1, 'x', now(), 1, true)");
    // When
    assertThatThrownBy(this::open)
        // Then
        .isInstanceOf(LogTooNew.class)
        .hasMessageContaining("format 7")
        .hasMessageContaining("knows 1");
    assertThat(database.query("SELECT count(*) FROM rouse.flyway_schema_history", Long.class))
        .isEqualTo(3);
  }

  @Test
  void aSchemaOfSomebodyElseIsRefused() {
    // Given
    database.execute(
        "SET ROLE "
            + database.user()
            + "; CREATE SCHEMA rouse; CREATE TABLE rouse.theirs (id int)");
    // When
    assertThatThrownBy(this::open)
        // Then
        .isInstanceOf(LogCorrupt.class)
        .hasMessageContaining("schema rouse")
        .hasMessageContaining("currentSchema");
  }

  @Test
  void manyServersThatStartAtOnceMakeTheTablesOnce() throws Exception {
    // Given
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<PostgresLogStore>> starting = new ArrayList<>();
      // When
      for (int i = 0; i < 5; i++) {
        starting.add(threads.submit(this::open));
      }
      // Then
      for (Future<PostgresLogStore> one : starting) {
        one.get(60, TimeUnit.SECONDS).close();
      }
    }
    assertThat(
            database.query(
                "SELECT count(*) FROM rouse.flyway_schema_history WHERE version = '1'", Long.class))
        .isEqualTo(1);
  }
}
