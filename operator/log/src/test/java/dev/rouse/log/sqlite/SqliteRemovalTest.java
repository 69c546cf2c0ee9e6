package dev.rouse.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rouse.log.Given;
import dev.rouse.log.Head;
import dev.rouse.log.LogDeleted;
import dev.rouse.log.LogKey;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How logs go: at once for everybody, bit by bit in the file, whose room is used again. */
class SqliteRemovalTest {

  private static final int ALL = Integer.MAX_VALUE;

  @TempDir private Path directory;
  private TestStore sqlite;

  @BeforeEach
  void open() {
    sqlite = new TestStore(directory);
  }

  @AfterEach
  void close() {
    sqlite.close();
  }

  @Test
  void aMarkedLogIsGoneForEverybodyAndRemovedAfterTheNextStart() throws Exception {
    // Given
    LogKey key = Given.key("default");
    sqlite.fill(key, 2000, 50);
    LogKey other = Given.key("default");
    sqlite.fill(other, 3, 50);
    sqlite.store().close();
    sqlite.change("UPDATE logs SET deleted = 1 WHERE uid = '" + key.sessionUid() + "'");
    // As a crash leaves it in the middle of the removal.
    sqlite.change("DELETE FROM commits WHERE uid = '" + key.sessionUid() + "' AND last < 700");

    // When
    sqlite.reopen(SqliteSettings.in(directory));

    // Then
    assertThat(sqlite.store().head(key)).isEqualTo(Head.NONE);
    assertThat(sqlite.store().read(key, 0, ALL)).isEmpty();
    assertThatThrownBy(() ->
            sqlite.store().append(key, 1999, Given.commit(1999, "late", Given.message("late"))))
        .isInstanceOf(LogDeleted.class);
    await("the rest is removed")
        .untilAsserted(() ->
            assertThat(sqlite.sql("SELECT count(*) FROM commits", Integer.class)).isEqualTo(3));
    await("and its row")
        .untilAsserted(
            () -> assertThat(sqlite.sql("SELECT count(*) FROM logs", Integer.class)).isEqualTo(1));
    assertThat(sqlite.store().totalBytes()).isEqualTo(sqlite.store().head(other).bytes());
  }

  @Test
  void aLogThatIsBeingRemovedTakesNoAppendsNotEvenAFirstOne() throws Exception {
    // Given
    LogKey key = Given.key("default");
    sqlite.fill(key, 1, 50);
    sqlite.change("UPDATE logs SET deleted = 1 WHERE uid = '" + key.sessionUid() + "'");

    // When
    assertThatThrownBy(
            () -> sqlite.store().append(key, -1, Given.commit(-1, "z", Given.message("late"))))
        // Then
        .isInstanceOf(LogDeleted.class)
        .hasMessageContaining(key.sessionUid());
  }

  @Test
  void theRoomOfADeletedLogIsUsedAgain() throws Exception {
    // Given
    LogKey first = Given.key("default");
    sqlite.fill(first, 40, 100_000);
    sqlite.store().delete(first);
    sqlite.reopen(SqliteSettings.in(directory));
    long size = Files.size(directory.resolve(Database.NAME));

    // When
    for (int i = 0; i < 3; i++) {
      LogKey key = Given.key("default");
      sqlite.fill(key, 40, 100_000);
      sqlite.store().delete(key);
    }
    sqlite.store().close();

    // Then
    assertThat(Files.size(directory.resolve(Database.NAME))).isLessThan(size + size / 4);
    assertThat(sqlite.store().totalBytes()).isZero();
    sqlite.reopen(SqliteSettings.in(directory));
  }
}
