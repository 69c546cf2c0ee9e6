package dev.rouse.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.log.AppendResult;
import dev.rouse.log.Commit;
import dev.rouse.log.Given;
import dev.rouse.log.Head;
import dev.rouse.log.LogChange;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogStore;
import dev.rouse.log.LogStoreContract;
import dev.rouse.log.LogTooLarge;
import dev.rouse.log.LogUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteLogStoreTest extends LogStoreContract {

  private static final int ALL = Integer.MAX_VALUE;
  private static final int MIB = 1024 * 1024;

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

  @Override
  protected SqliteLogStore store() {
    return sqlite.store();
  }

  /**
   * The same one: another process is kept out by the lock. It caches nothing, and reads on other
   * connections than it writes.
   */
  @Override
  protected LogStore otherStore() {
    return store();
  }

  @Override
  protected LogKey newKey() {
    return Given.key("default");
  }

  @Override
  protected void damage(LogKey key) {
    try {
      sqlite.change(
          "UPDATE commits SET body = 'x' WHERE last = 2 AND uid = '" + key.sessionUid() + "'");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatWasStoredIsThereAfterTheNextStart() throws Exception {
    // Given
    LogKey key = newKey();
    List<Commit> commits = sqlite.fill(key, 300, 500);
    Head head = store().head(key);

    // When
    sqlite.reopen(SqliteSettings.in(directory));

    // Then
    assertThat(store().head(key)).isEqualTo(head);
    assertThat(json(store().read(key, 0, ALL).toList())).isEqualTo(json(commits));
    assertThat(store().totalBytes()).isEqualTo(head.bytes());
  }

  @Test
  void aCommitOfTwentyMegabytesComesBackByteForByte() throws Exception {
    // Given
    LogKey key = newKey();
    Commit large = Given.commit(-1, "large", Given.result("sevt_1", Given.noise(20 * MIB, 1)));

    // When
    store().append(key, -1, large);

    // Then
    assertThat(json(store().read(key, 0, ALL).toList())).isEqualTo(json(List.of(large)));
    assertThat(store().head(key).bytes()).isGreaterThan(20 * MIB);
  }

  @Test
  void aCommitThatIsMoreThanARowHoldsIsRefusedAndNothingIsLost() {
    // Given
    sqlite.reopen(new SqliteSettings(directory, 2, MIB, 64L * MIB));
    LogKey key = newKey();
    store().append(key, -1, Given.commit(-1, "a", Given.message("small")));
    Commit large = Given.commit(0, "large", Given.answer(Given.noise(2 * MIB, 1)));

    // When
    assertThatThrownBy(() -> store().append(key, 0, large))
        .isInstanceOf(LogTooLarge.class)
        .hasMessageContaining(key.sessionUid())
        .hasMessageContaining("bytes");

    // Then
    assertThat(store().append(key, 0, Given.commit(0, "b", Given.message("small"))))
        .isInstanceOf(AppendResult.Stored.class);
    assertThat(appendIds(store().read(key, 0, ALL).toList())).containsExactly("a", "b");
  }

  @Test
  void inOneTransactionARefusedAppendTakesNoOtherWithIt() throws Exception {
    // Given
    sqlite.reopen(new SqliteSettings(directory, 2, MIB, 64L * MIB));
    List<LogKey> keys = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      keys.add(newKey());
    }
    LogKey taken = newKey();
    store().append(taken, -1, Given.commit(-1, "first", Given.message("first")));

    // When
    List<Future<Object>> answers = new ArrayList<>();
    try (ExecutorService appenders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 60; i++) {
        LogKey key = i % 3 == 1 ? taken : keys.get(i);
        Commit commit =
            Given.commit(-1, "a" + i, Given.answer(Given.noise(i % 3 == 2 ? 2 * MIB : 300, i)));
        answers.add(
            appenders.submit(() -> {
              try {
                return store().append(key, -1, commit);
              } catch (LogTooLarge e) {
                return e;
              }
            }));
      }
    }

    // Then
    for (int i = 0; i < 60; i++) {
      Class<?> expected =
          switch (i % 3) {
            case 0 -> AppendResult.Stored.class;
            case 1 -> AppendResult.Conflict.class;
            default -> LogTooLarge.class;
          };
      assertThat(answers.get(i).get()).as("append %d", i).isInstanceOf(expected);
      assertThat(store().head(keys.get(i)).seq()).as("log %d", i).isEqualTo(i % 3 == 0 ? 0 : -1);
    }
    assertThat(sqlite.sql("SELECT count(*) FROM commits", Integer.class)).isEqualTo(21);
  }

  @Test
  void peopleReadTheirLogsWithSql() throws Exception {
    // Given
    LogKey key = newKey();

    // When
    store().append(key, -1, Given.commit(-1, "a", Given.message("an “ö” and\u0000 more")));

    // Then
    assertThat(
            sqlite.sql(
                "SELECT json_extract(body, '$.records[0].event.content[0].text') FROM commits"
                    + " WHERE uid = '"
                    + key.sessionUid()
                    + "' AND typeof(body) = 'text'",
                String.class))
        .startsWith("an “ö” and");
    assertThat(sqlite.sql("SELECT namespace || '/' || session_name FROM logs", String.class))
        .isEqualTo(key.namespace() + "/" + key.sessionName());
  }

  @Test
  void theWriteAheadLogStaysSmallUnderReadersThatNeverPause() throws Exception {
    // Given
    long limit = 8L * MIB;
    sqlite.reopen(new SqliteSettings(directory, 4, 100 * MIB, limit));
    LogKey read = newKey();
    sqlite.fill(read, 200, 10_000);
    AtomicBoolean stop = new AtomicBoolean();
    LogKey key = newKey();
    long largest = 0;

    // When
    try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 4; i++) {
        others.submit(() -> {
          while (!stop.get()) {
            assertThat(store().read(read, 0, ALL).count()).isEqualTo(200);
          }
          return null;
        });
      }
      long head = -1;
      for (int i = 0; i < 300; i++) {
        Commit commit = Given.commit(head, "a" + i, Given.answer(Given.noise(200_000, i)));
        store().append(key, head, commit);
        head = commit.to();
        largest = Math.max(largest, Files.size(directory.resolve(Database.NAME + "-wal")));
      }
      stop.set(true);
    }

    // Then 60 MB went through it
    assertThat(largest).isLessThan(3 * limit);
    assertGapless(store().read(key, 0, ALL).toList());
  }

  @Test
  void aReaderThatIsLeftAloneHoldsUpNobody() {
    // Given
    sqlite.reopen(new SqliteSettings(directory, 1, 100 * MIB, 64L * MIB));
    LogKey key = newKey();
    sqlite.fill(key, 1000, 3000);
    List<Iterator<Commit>> left = new ArrayList<>();

    // When
    for (int i = 0; i < 5; i++) {
      Iterator<Commit> reading = store().read(key, 0, ALL).iterator();
      reading.next();
      left.add(reading);
    }

    // Then
    assertThat(store().head(key).seq()).isEqualTo(999);
    store().delete(key);
    assertThat(store().head(key)).isEqualTo(Head.NONE);
    List<Commit> rest = new ArrayList<>();
    left.getFirst().forEachRemaining(rest::add);
    assertThat(rest).hasSizeLessThan(999);
  }

  @Test
  void whoFollowsHearsOfAppendsAndDeletions() {
    // Given
    LogKey key = newKey();
    List<LogChange> heard = new ArrayList<>();
    var subscription = store().follow(heard::add);

    // When
    sqlite.fill(key, 2, 10);
    store().delete(key);
    store().delete(key);
    subscription.close();
    sqlite.fill(newKey(), 1, 10);

    // Then
    assertThat(heard)
        .containsExactly(
            new LogChange(key.namespace(), key.sessionUid(), 0, false),
            new LogChange(key.namespace(), key.sessionUid(), 1, false),
            new LogChange(key.namespace(), key.sessionUid(), -1, true));
  }

  @Test
  void aCommitThatDoesNotFollowTheHeadIsTheCallersMistake() {
    assertThatThrownBy(() -> store().append(newKey(), -1, Given.commit(3, "a", Given.message("x"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("begins at 4");
  }

  @Test
  void closingUnderReadersIsNoFailureOfTheDisk() throws Exception {
    // Given
    LogKey key = newKey();
    sqlite.fill(key, 500, 5000);
    try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> reading = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        reading.add(
            readers.submit(() -> {
              while (true) {
                store().read(key, 0, ALL).forEach(_ -> {});
              }
            }));
      }

      // When
      store().close();

      // Then
      for (Future<?> reader : reading) {
        assertThatThrownBy(reader::get).hasCauseInstanceOf(LogUnavailable.class);
      }
    }
  }

  @Test
  void aClosedStoreSaysSo() throws IOException {
    // Given
    LogKey key = newKey();
    sqlite.fill(key, 1, 10);

    // When
    store().close();

    // Then
    assertThatThrownBy(() -> store().append(key, 0, Given.commit(0, "b", Given.message("x"))))
        .isInstanceOf(LogUnavailable.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> store().head(key))
        .isInstanceOf(LogUnavailable.class)
        .hasMessageContaining("closed");
    assertThat(Files.list(directory).map(file -> file.getFileName().toString()))
        .containsExactlyInAnyOrder(Database.NAME, "rouse.lock");
  }
}
