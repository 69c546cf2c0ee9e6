package dev.rouse.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.log.AppendResult;
import dev.rouse.log.Commit;
import dev.rouse.log.Given;
import dev.rouse.log.LogCorrupt;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogUnavailable;
import dev.rouse.log.OutcomeUnknown;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;

/** What a full volume does, and a broken one; {@link SqliteProcessIT} has the real ones. */
class SqliteFaultsTest {

  private static final int ALL = Integer.MAX_VALUE;

  @TempDir private Path directory;
  private final List<Integer> ended = new ArrayList<>();

  private SqliteLogStore open(int maxPages) {
    SqliteSettings settings = SqliteSettings.in(directory);
    SQLiteConfig writing = Database.writing(settings);
    if (maxPages > 0) {
      writing.setMaxPageCount(maxPages);
    }
    return SqliteLogStore.open(settings, writing, ended::add);
  }

  private static Commit commit(long head, int size) {
    return Given.commit(head, "a" + head, Given.answer(Given.noise(size, head)));
  }

  @Test
  void aFullVolumeRefusesAndLosesNothingAndDeletingMakesRoom() {
    // Given
    LogKey old = Given.key("team-a");
    LogKey key = Given.key("team-a");
    try (SqliteLogStore store = open(200)) {
      store.append(old, -1, commit(-1, 200_000));
      long head = -1;
      // When
      LogUnavailable full = null;
      while (full == null) {
        try {
          store.append(key, head, commit(head, 20_000));
          head++;
        } catch (LogUnavailable e) {
          full = e;
        }
      }
      // Then
      assertThat(full.isRetryable()).isTrue();
      assertThat(full).hasMessageContaining("full").hasMessageContaining(key.sessionUid());
      assertThat(store.head(key).seq()).isEqualTo(head);
      assertThat(store.read(key, 0, ALL)).hasSize((int) head + 1);
      store.delete(old);
      assertThat(store.append(key, head, commit(head, 20_000)))
          .isInstanceOf(AppendResult.Stored.class);
    }
    assertThat(ended).isEmpty();
  }

  @Test
  void onAFullVolumeWhatStillFitsIsStored() throws Exception {
    // Given
    try (SqliteLogStore store = open(200)) {
      List<LogKey> keys = new ArrayList<>();
      List<Future<AppendResult>> answers = new ArrayList<>();
      // When
      try (ExecutorService appenders = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 20; i++) {
          LogKey key = Given.key("team-a");
          int size = i % 2 == 0 ? 500 : 2_000_000;
          keys.add(key);
          answers.add(appenders.submit(() -> store.append(key, -1, commit(-1, size))));
        }
      }
      // Then
      for (int i = 0; i < 20; i++) {
        assertThat(answers.get(i).state())
            .as("append %d", i)
            .isEqualTo(i % 2 == 0 ? Future.State.SUCCESS : Future.State.FAILED);
        assertThat(store.head(keys.get(i)).seq()).isEqualTo(i % 2 == 0 ? 0 : -1);
      }
    }
  }

  @Test
  void aLogThatIsNotAsItWasKeptTakesNoOtherWithIt() throws Exception {
    // Given
    LogKey odd = Given.key("team-a");
    try (SqliteLogStore store = open(0)) {
      store.append(odd, -1, commit(-1, 500));
      store.append(odd, 0, commit(0, 500));
    }
    try (Connection database =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(Database.NAME));
        Statement statement = database.createStatement()) {
      statement.execute("UPDATE logs SET head = 0");
    }
    try (SqliteLogStore store = open(0)) {
      List<LogKey> keys = new ArrayList<>();
      List<Future<AppendResult>> answers = new ArrayList<>();
      // When
      try (ExecutorService appenders = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 40; i++) {
          LogKey key = i % 4 == 1 ? odd : Given.key("team-a");
          long head = i % 4 == 1 ? 0 : -1;
          keys.add(key);
          answers.add(appenders.submit(() -> store.append(key, head, commit(head, 500))));
        }
      }
      // Then
      for (int i = 0; i < 40; i++) {
        if (i % 4 == 1) {
          assertThat(answers.get(i).exceptionNow()).isInstanceOf(LogCorrupt.class);
        } else {
          assertThat(answers.get(i).resultNow()).isInstanceOf(AppendResult.Stored.class);
        }
        assertThat(store.head(keys.get(i)).seq()).as("log %d", i).isZero();
      }
    }
    assertThat(ended).isEmpty();
  }

  @Test
  void aBrokenFileEndsTheProcessBeforeAnybodyIsAnswered() throws Exception {
    // Given
    LogKey key = Given.key("team-a");
    long head = -1;
    try (SqliteLogStore store = open(0)) {
      for (int i = 0; i < 50; i++) {
        store.append(key, head, commit(head++, 20_000));
      }
    }
    SqliteLogStore store = open(0);
    breakTables();
    long last = head;
    // When
    assertThatThrownBy(() -> store.append(key, last, commit(last, 500)))
        // Then
        .isInstanceOf(OutcomeUnknown.class)
        .hasMessageContaining(key.sessionUid());
    assertThat(ended).containsExactly(Ending.IO_ERROR);
    assertThatThrownBy(() -> store.append(key, last, commit(last, 500)))
        .isInstanceOf(LogUnavailable.class);
    store.close();
  }

  @Test
  void aBrokenFileEndsTheProcessOfAReader() throws Exception {
    // Given
    LogKey key = Given.key("team-a");
    long head = -1;
    try (SqliteLogStore store = open(0)) {
      for (int i = 0; i < 50; i++) {
        store.append(key, head, commit(head++, 20_000));
      }
    }
    SqliteLogStore store = open(0);
    breakTables();
    // When
    assertThatThrownBy(() -> store.read(key, 0, ALL).toList())
        // Then
        .isInstanceOf(LogUnavailable.class);
    assertThat(ended).containsExactly(Ending.IO_ERROR);
    store.close();
  }

  /** Every page but the first, which says what the tables are, is as a dying disk gives it. */
  private void breakTables() throws IOException {
    Path file = directory.resolve(Database.NAME);
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      for (long at = 4096; at < Files.size(file); at += 4096) {
        raw.seek(at);
        raw.write(new byte[] {99, 99, 99, 99, 99, 99, 99, 99});
      }
    }
  }
}
