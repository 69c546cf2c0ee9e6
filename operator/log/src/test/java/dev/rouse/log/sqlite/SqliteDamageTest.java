package dev.rouse.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.log.Given;
import dev.rouse.log.LogCorrupt;
import dev.rouse.log.LogKey;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that are not as they were written. */
class SqliteDamageTest {

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
  void aMissingCommitStopsTheReadingOfThatLogAlone() throws Exception {
    // Given
    LogKey key = Given.key("default");
    sqlite.fill(key, 5, 10);
    LogKey other = Given.key("default");
    sqlite.fill(other, 5, 10);

    // When
    sqlite.change("DELETE FROM commits WHERE last = 2 AND uid = '" + key.sessionUid() + "'");

    // Then
    assertThatThrownBy(() -> sqlite.store().read(key, 0, ALL).toList())
        .isInstanceOf(LogCorrupt.class)
        .hasMessageContaining(key.sessionUid())
        .hasMessageContaining("record 2");
    assertThat(sqlite.store().read(other, 0, ALL)).hasSize(5);
  }

  @Test
  void aBodyThatIsNoCommitIsNamed() throws Exception {
    // Given
    LogKey key = Given.key("default");
    sqlite.fill(key, 3, 10);

    // When
    sqlite.change(
        "UPDATE commits SET body = 'x' WHERE last = 1 AND uid = '" + key.sessionUid() + "'");

    // Then
    assertThatThrownBy(() -> sqlite.store().read(key, 0, ALL).toList())
        .isInstanceOf(LogCorrupt.class)
        .hasMessageContaining("records 1 to 1");
  }

  @Test
  void aCommitBehindTheHeadIsNotWrittenOver() throws Exception {
    // Given
    LogKey key = Given.key("default");
    sqlite.fill(key, 3, 10);
    sqlite.change("UPDATE logs SET head = 1 WHERE uid = '" + key.sessionUid() + "'");

    // When
    assertThatThrownBy(
            () -> sqlite.store().append(key, 1, Given.commit(1, "x", Given.message("over"))))
        // Then
        .isInstanceOf(LogCorrupt.class)
        .hasMessageContaining(key.sessionUid());
    assertThat(sqlite.store().head(key).seq()).isEqualTo(1);
    sqlite.fill(Given.key("default"), 3, 10);
  }
}
