package dev.rouse.log.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rouse.log.Commit;
import dev.rouse.log.Given;
import dev.rouse.log.Head;
import dev.rouse.log.LogDeleted;
import dev.rouse.log.LogKey;
import dev.rouse.log.postgres.server.PostgresServer;
import dev.rouse.log.postgres.server.TestDatabase;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How logs go: at once for everybody, bit by bit on the disk, and whoever begins it may die. */
class PostgresRemovalIT {

  private static final int ALL = Integer.MAX_VALUE;

  private static PostgresServer server;
  private static TestDatabase database;
  private static PostgresLogStore store;
  private static PostgresLogStore other;

  @BeforeAll
  static void start() {
    server = PostgresServer.start();
    database = server.database();
    store = PostgresLogStore.open(settings());
    other = PostgresLogStore.open(settings());
  }

  @AfterAll
  static void stop() {
    store.close();
    other.close();
    server.close();
  }

  private static PostgresSettings settings() {
    return PostgresSettings.of(database.url(), database.user(), database.passwordFile());
  }

  private static LogKey newKey() {
    return Given.key("default");
  }

  private static void fill(LogKey key, int count, int size) {
    for (int i = 0; i < count; i++) {
      store.append(key, i - 1, Given.commit(i - 1, "a" + i, Given.answer(Given.noise(size, i))));
    }
  }

  private static long count(String table, LogKey key) {
    return database.query(
        "SELECT count(*) FROM rouse." + table + " WHERE uid = '" + key.sessionUid() + "'",
        Long.class);
  }

  private static void change(String statement, LogKey key) {
    database.execute(statement + " AND uid = '" + key.sessionUid() + "'");
  }

  @Test
  void nothingOfADeletedLogIsLeftInTheDatabase() {
    // Given
    LogKey key = newKey();
    fill(key, 2500, 20);
    long before = store.totalBytes();

    // When
    store.delete(key);

    // Then
    assertThat(count("commits", key)).isZero();
    assertThat(count("logs", key)).isZero();
    assertThat(store.totalBytes()).isLessThan(before);
  }

  @Test
  void aLogThatIsBeingRemovedTakesNoAppendsNotEvenAFirstOne() {
    // Given
    LogKey key = newKey();
    fill(key, 1, 50);
    change("UPDATE rouse.logs SET deleted = true WHERE true", key);

    for (long head : new long[] {-1, 0}) {
      // When
      assertThatThrownBy(
              () -> store.append(key, head, Given.commit(head, "z", Given.message("late"))))
          // Then
          .isInstanceOf(LogDeleted.class)
          .hasMessageContaining(key.sessionUid());
    }
    assertThat(other.head(key)).isEqualTo(Head.NONE);
    assertThat(other.read(key, 0, ALL)).isEmpty();
  }

  @Test
  void aRemovalThatWasCutOffIsFinishedByTheNextServer() {
    // Given what a server leaves that dies in the middle
    LogKey key = newKey();
    fill(key, 1200, 20);
    change("UPDATE rouse.logs SET deleted = true WHERE true", key);
    change("DELETE FROM rouse.commits WHERE first < 700", key);

    // When
    try (PostgresLogStore next = PostgresLogStore.open(settings())) {
      // Then
      await("the rest is removed").untilAsserted(() -> assertThat(count("logs", key)).isZero());
      assertThat(count("commits", key)).isZero();
      assertThat(next.head(key)).isEqualTo(Head.NONE);
    }
  }

  @Test
  void aRemovalThatWasCutOffIsFinishedByRepeatingIt() {
    // Given
    LogKey key = newKey();
    fill(key, 10, 20);
    change("UPDATE rouse.logs SET deleted = true WHERE true", key);

    // When
    other.delete(key);

    // Then
    assertThat(count("logs", key) + count("commits", key)).isZero();
  }

  @Test
  void severalThatRemoveOneLogDoNotGetIntoEachOthersWay() throws Exception {
    // Given
    LogKey key = newKey();
    fill(key, 3000, 20);

    // When
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        PostgresLogStore one = i % 2 == 0 ? store : other;
        all.add(threads.submit(() -> one.delete(key)));
      }
      for (Future<?> each : all) {
        each.get(60, TimeUnit.SECONDS);
      }
    }

    // Then
    assertThat(count("logs", key) + count("commits", key)).isZero();
  }

  @Test
  void aReaderOfALogThatIsDeletedComesToAnEnd() {
    // Given
    LogKey key = newKey();
    fill(key, 600, 10_000);
    Iterator<Commit> reading = other.read(key, 0, ALL).iterator();
    reading.next();

    // When
    store.delete(key);

    // Then
    List<Commit> rest = new ArrayList<>();
    reading.forEachRemaining(rest::add);
    assertThat(rest).hasSizeLessThan(599);
  }
}
