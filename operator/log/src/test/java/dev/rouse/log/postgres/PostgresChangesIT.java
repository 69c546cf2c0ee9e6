package dev.rouse.log.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.log.Given;
import dev.rouse.log.LogChange;
import dev.rouse.log.LogKey;
import dev.rouse.log.Subscription;
import dev.rouse.log.postgres.server.PostgresServer;
import dev.rouse.log.postgres.server.TestDatabase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a server hears of what others append, with hints and without. */
class PostgresChangesIT {

  private static PostgresServer server;

  private final List<LogChange> heard = new CopyOnWriteArrayList<>();
  private TestDatabase database;
  private PostgresLogStore writer;
  private PostgresLogStore follower;
  private Subscription subscription;

  @BeforeAll
  static void start() {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void open() {
    database = server.database();
    writer = PostgresLogStore.open(settings());
    follower = PostgresLogStore.open(settings());
    subscription = follower.follow(heard::add);
  }

  private PostgresSettings settings() {
    return PostgresSettings.of(database.url(), database.user(), database.passwordFile());
  }

  @AfterEach
  void close() {
    subscription.close();
    writer.close();
    follower.close();
  }

  private void append(LogKey key, long head) {
    writer.append(key, head, Given.commit(head, "a" + head, Given.message("m")));
  }

  private void awaitListening() {
    await("it listens")
        .untilAsserted(() ->
            assertThat(
                    database.query(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND query IN ('LISTEN rouse_logs', 'SELECT 1')"
                            + " AND state = 'idle'",
                        Long.class))
                .isPositive());
  }

  private void awaitHeard(LogKey key, long head) {
    await("%s is heard of at %d".formatted(key.sessionUid(), head))
        .untilAsserted(() ->
            assertThat(heard).contains(new LogChange("default", key.sessionUid(), head, head < 0)));
  }

  /** As somebody writes whose hints are lost. */
  private void appendInSilence(LogKey key, long head) {
    database.execute(
        """
        INSERT INTO rouse.logs VALUES ('%1$s', 'default', 's', %2$d, 10)
          ON CONFLICT (uid) DO UPDATE SET head = excluded.head
        """
            .formatted(key.sessionUid(), head));
  }

  @Test
  void logsThatNobodyHasOpenHereAreHeardOfByHints() {
    // Given
    LogKey key = Given.key("default");
    awaitListening();

    // When
    append(key, -1);
    append(key, 0);
    awaitHeard(key, 1);
    writer.delete(key);

    // Then
    awaitHeard(key, -1);
  }

  @Test
  void openLogsAreHeardOfWithoutHints() {
    // Given
    LogKey key = Given.key("default");
    awaitListening();
    follower.head(key);

    // When
    appendInSilence(key, 0);
    awaitHeard(key, 0);
    appendInSilence(key, 5);
    awaitHeard(key, 5);
    database.execute("DELETE FROM rouse.logs WHERE uid = '" + key.sessionUid() + "'");

    // Then
    awaitHeard(key, -1);
  }

  @Test
  void aWrongHintHidesNothing() {
    // Given
    LogKey key = Given.key("default");
    awaitListening();
    follower.head(key);

    // When
    database.execute(
        "SELECT pg_notify('rouse_logs', '{\"logs\":[[\"default\",\""
            + key.sessionUid()
            + "\",99]]}')");
    database.execute("SELECT pg_notify('rouse_logs', 'nonsense')");
    awaitHeard(key, 99);
    appendInSilence(key, 3);

    // Then
    awaitHeard(key, 3);
  }

  @Test
  void aListenerThatIsCutOffComesBackAndHasMissedNothing() {
    // Given logs that nobody has open here
    LogKey during = Given.key("default");
    LogKey after = Given.key("default");
    awaitListening();

    // When
    for (int cut = 0; cut < 5; cut++) {
      database.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
              + " current_database() AND query IN ('LISTEN rouse_logs', 'SELECT 1')");
      append(during, cut - 1);
    }

    // Then
    awaitHeard(during, 4);
    awaitListening();
    append(after, -1);
    awaitHeard(after, 0);
  }

  @Test
  void whoFollowsLateHearsOfWhatIsThere() {
    // Given
    LogKey key = Given.key("default");
    append(key, -1);
    List<LogChange> late = new CopyOnWriteArrayList<>();

    // When
    try (PostgresLogStore next = PostgresLogStore.open(settings())) {
      Subscription begun = next.follow(late::add);

      // Then
      await("what is there is told")
          .untilAsserted(() ->
              assertThat(late).contains(new LogChange("default", key.sessionUid(), 0, false)));
      begun.close();
    }
  }

  @Test
  void logsThatNobodyNeedsAnyMoreAreNotLookedAt() {
    // Given one that has looked once at all there is
    LogKey first = Given.key("default");
    appendInSilence(first, 0);
    List<LogChange> changes = new CopyOnWriteArrayList<>();
    try (PostgresLogStore next = PostgresLogStore.open(settings())) {
      next.follow(changes::add);
      await("it has looked")
          .untilAsserted(
              () -> assertThat(changes).anyMatch(it -> it.sessionUid().equals(first.sessionUid())));
      LogKey closed = Given.key("default");
      LogKey open = Given.key("default");
      next.head(closed);
      next.head(open);
      next.close(closed);

      // When
      appendInSilence(closed, 0);
      appendInSilence(open, 0);

      // Then
      await("the open one is seen")
          .untilAsserted(
              () -> assertThat(changes).anyMatch(it -> it.sessionUid().equals(open.sessionUid())));
      assertThat(changes).noneMatch(it -> it.sessionUid().equals(closed.sessionUid()));
    }
  }

  @Test
  void oneWhoFailsKeepsNothingFromTheOthers() {
    // Given
    LogKey key = Given.key("default");
    Subscription bad =
        follower.follow(_ -> {
          throw new IllegalStateException("a listener that fails");
        });
    List<LogChange> more = new CopyOnWriteArrayList<>();
    Subscription good = follower.follow(more::add);
    awaitListening();

    // When
    append(key, -1);

    // Then
    await("the other one hears it")
        .untilAsserted(
            () -> assertThat(more).contains(new LogChange("default", key.sessionUid(), 0, false)));
    bad.close();
    good.close();
  }
}
