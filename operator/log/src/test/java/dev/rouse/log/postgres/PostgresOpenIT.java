package dev.rouse.log.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.log.Given;
import dev.rouse.log.LogUnavailable;
import dev.rouse.log.postgres.server.PostgresServer;
import dev.rouse.log.postgres.server.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a database or its settings is said at the start, with the way out. */
class PostgresOpenIT {

  private static PostgresServer server;
  private TestDatabase database;
  @TempDir private Path directory;

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

  private PostgresSettings settings(String url) {
    return PostgresSettings.of(url, database.user(), database.passwordFile());
  }

  private static void assertRefused(PostgresSettings settings, String... named) {
    assertThatThrownBy(() -> PostgresLogStore.open(settings).close())
        .isInstanceOf(LogUnavailable.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(named));
  }

  @Test
  void nobodyAnswers() {
    assertRefused(
        settings("jdbc:postgresql://127.0.0.1:1/logs"),
        "logs at 127.0.0.1:1",
        "nobody answers",
        "ROUSE_STORE_URL");
  }

  @Test
  void aWrongPassword() throws IOException {
    Path file = Files.writeString(directory.resolve("password"), "wrong");
    assertRefused(
        PostgresSettings.of(database.url(), database.user(), file),
        "does not let the role " + database.user() + " in",
        "ROUSE_STORE_PASSWORD_FILE",
        file.toString());
  }

  @Test
  void noPassword() {
    assertRefused(
        PostgresSettings.of(database.url(), database.user(), null), "ROUSE_STORE_PASSWORD_FILE");
  }

  @Test
  void aPasswordFileThatIsNotThere() {
    assertRefused(
        PostgresSettings.of(database.url(), database.user(), directory.resolve("none")),
        "cannot be read",
        "ROUSE_STORE_PASSWORD_FILE");
  }

  @Test
  void aPasswordFileThatIsEmpty() throws IOException {
    Path file = Files.writeString(directory.resolve("password"), "\n");
    assertRefused(PostgresSettings.of(database.url(), database.user(), file), "is empty");
  }

  @Test
  void noSuchDatabase() {
    assertRefused(
        settings(database.url().replace(database.name(), "nowhere")),
        "no such database",
        "CREATE DATABASE");
  }

  @Test
  void anotherEncoding() {
    server.execute(
        "CREATE DATABASE "
            + database.name()
            + "_latin OWNER "
            + database.user()
            + " ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    assertRefused(settings(database.url() + "_latin"), "encoding is LATIN1", "ENCODING 'UTF8'");
  }

  @Test
  void aRoleThatMayNotMakeTheSchema() {
    server.execute("CREATE ROLE " + database.name() + "_dba");
    server.execute("ALTER DATABASE " + database.name() + " OWNER TO " + database.name() + "_dba");
    assertRefused(
        settings(database.url()),
        "CREATE SCHEMA rouse AUTHORIZATION " + database.user(),
        database.name());
  }

  @Test
  void aSchemaThatWasMadeForTheRoleIsEnough() {
    // Given
    server.execute("CREATE ROLE " + database.name() + "_dba");
    server.execute("ALTER DATABASE " + database.name() + " OWNER TO " + database.name() + "_dba");
    database.execute("CREATE SCHEMA rouse AUTHORIZATION " + database.user());
    // When
    try (PostgresLogStore store = PostgresLogStore.open(settings(database.url()))) {
      // Then
      assertThat(store.head(Given.key("default")).seq()).isEqualTo(-1);
    }
  }

  @Test
  void aDatabaseThatTakesNoWrites() {
    server.execute("ALTER ROLE " + database.user() + " SET default_transaction_read_only = on");
    assertRefused(settings(database.url()), "takes no writes", "default_transaction_read_only");
  }

  @Test
  void anotherSchemaIsInTheUrl() {
    // When
    PostgresLogStore.open(settings(database.url() + "?currentSchema=team_b")).close();
    // Then
    assertThat(
            database.query(
                "SELECT count(*) FROM pg_tables WHERE schemaname = 'team_b' AND tablename ="
                    + " 'logs'",
                Long.class))
        .isEqualTo(1);
  }
}
