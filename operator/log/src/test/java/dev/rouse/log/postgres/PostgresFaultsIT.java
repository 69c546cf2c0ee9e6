package dev.rouse.log.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rouse.log.AppendResult;
import dev.rouse.log.Given;
import dev.rouse.log.LogException;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogUnavailable;
import dev.rouse.log.OutcomeUnknown;
import dev.rouse.log.postgres.PostgresSettings.Patience;
import dev.rouse.log.postgres.server.PostgresServer;
import dev.rouse.log.postgres.server.TestDatabase;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A database server that is killed, restarted, frozen and overrun. It is the test's own. */
@Timeout(300)
class PostgresFaultsIT {

  private static final int ALL = Integer.MAX_VALUE;
  private static final int SESSIONS = 8;
  private static final Duration LONG = Duration.ofSeconds(60);

  private static PostgresServer server;

  private TestDatabase database;
  private PostgresLogStore store;

  @BeforeAll
  static void start() {
    server = PostgresServer.startOwn();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void open() {
    database = server.database();
    store = open(settings());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private PostgresSettings settings() {
    return PostgresSettings.of(database.url(), database.user(), database.passwordFile())
        .withPatience(
            new Patience(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(3)));
  }

  private static PostgresLogStore open(PostgresSettings settings) {
    return PostgresLogStore.open(settings);
  }

  private static void awaitMore(Load load) {
    int reached = load.least() + 20;
    await("every client goes on")
        .atMost(LONG)
        .untilAsserted(() -> assertThat(load.least()).isGreaterThanOrEqualTo(reached));
  }

  @Test
  void whatWasAcknowledgedSurvivesEveryKillOfTheDatabase() throws Exception {
    // Given two servers
    try (PostgresLogStore other = open(settings());
        Load load = new Load(SESSIONS, store, other)) {
      awaitMore(load);

      // When
      for (int kill = 0; kill < 5; kill++) {
        server.kill();
        server.launch();
        awaitMore(load);
      }

      // Then
      assertThat(load.failures()).isPositive();
      load.assertNothingLostOrDoubled(store);
    }
  }

  @Test
  void aRestartOfTheDatabaseIsOverWhenItIsOver() throws Exception {
    // Given
    try (Load load = new Load(SESSIONS, store)) {
      awaitMore(load);

      // When
      for (int restart = 0; restart < 3; restart++) {
        server.shutDown();
        server.launch();
        awaitMore(load);
      }

      // Then
      load.assertNothingLostOrDoubled(store);
    }
  }

  @Test
  void connectionsThatAreCutInTheMiddleOfAppendsLoseAndDoubleNothing() throws Exception {
    // Given
    try (Load load = new Load(SESSIONS, store)) {
      // When
      for (int cut = 0; cut < 20; cut++) {
        awaitMore(load);
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '"
                + database.user()
                + "'");
      }
      awaitMore(load);

      // Then
      load.assertNothingLostOrDoubled(store);
    }
  }

  @Test
  void aDatabaseThatStandsStillIsNotWaitedForForEverAndIsTakenUpAgain() throws Exception {
    // Given
    LogKey key = Given.key("default");
    store.append(key, -1, Given.commit(-1, "a", Given.message("first")));
    server.freeze();
    try {
      // When
      assertThatThrownBy(() -> store.append(key, 0, Given.commit(0, "b", Given.message("x"))))
          .isInstanceOf(OutcomeUnknown.class)
          .hasMessageContaining(key.sessionUid());
      assertThatThrownBy(() -> store.head(key)).isInstanceOf(LogUnavailable.class);
    } finally {
      server.thaw();
    }

    // Then
    await("it answers again")
        .atMost(LONG)
        .ignoreExceptionsInstanceOf(LogException.class)
        .until(() -> store.head(key).seq() >= 0);
    long head = store.head(key).seq();
    assertThat(store.append(key, head, Given.commit(head, "c", Given.message("on"))))
        .isInstanceOfAny(AppendResult.Stored.class, AppendResult.Conflict.class);
  }

  @Test
  void aDatabaseThatStandsStillInTheMiddleOfALargeCommitIsLeft() {
    // Given more than what is taken before anybody reads it
    String large = Given.noise(30 * 1024 * 1024, 1);
    try (Connections connections = new Connections(settings())) {
      // When
      assertThatThrownBy(() ->
              connections.write(
                  "a large commit",
                  connection -> {
                    try (PreparedStatement statement =
                        connection.prepareStatement("SELECT octet_length(?)")) {
                      statement.setString(1, large);
                      server.freeze();
                      return statement.execute();
                    }
                  }))
          // Then
          .isInstanceOf(OutcomeUnknown.class)
          .hasMessageContaining("a large commit");
    } finally {
      server.thaw();
    }
  }

  @Test
  void aLogThatSomebodyElseHoldsIsRefusedInTimeAndNothingIsChanged() throws Exception {
    // Given
    LogKey key = Given.key("default");
    store.append(key, -1, Given.commit(-1, "a", Given.message("first")));
    try (Connection connection = database.admin();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SELECT * FROM rouse.logs FOR UPDATE");

      // When
      assertThatThrownBy(() -> store.append(key, 0, Given.commit(0, "b", Given.message("x"))))
          // Then
          .isInstanceOf(LogUnavailable.class)
          .hasMessageContaining("nothing was changed")
          .hasMessageContaining("took too long");
      connection.rollback();
    }
    assertThat(store.append(key, 0, Given.commit(0, "b", Given.message("x"))))
        .isInstanceOf(AppendResult.Stored.class);
  }

  @Test
  void whoFindsNoConnectionFreeIsToldSo() throws Exception {
    // Given
    try (PostgresLogStore small = open(settings().withConnections(2));
        Connection connection = database.admin();
        Statement statement = connection.createStatement();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      LogKey key = Given.key("default");
      small.append(key, -1, Given.commit(-1, "a", Given.message("first")));
      connection.setAutoCommit(false);
      statement.execute("SELECT * FROM rouse.logs FOR UPDATE");

      // When
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        String id = "b" + i;
        answers.add(
            threads.submit(() -> {
              try {
                return small.append(key, 0, Given.commit(0, id, Given.message("x"))).toString();
              } catch (LogUnavailable e) {
                return String.valueOf(e.getMessage());
              }
            }));
      }

      // Then
      List<String> messages = new ArrayList<>();
      for (Future<String> answer : answers) {
        messages.add(answer.get(60, TimeUnit.SECONDS));
      }
      assertThat(messages).anyMatch(it -> it.contains("all 2 connections"));
      connection.rollback();
      assertThat(small.append(key, 0, Given.commit(0, "c", Given.message("on"))))
          .isInstanceOf(AppendResult.Stored.class);
    }
  }

  @Test
  void ofTwoServersAtOneHeadExactlyOneWins() throws Exception {
    // Given
    LogKey key = Given.key("default");
    store.append(key, -1, Given.commit(-1, "a", Given.message("first")));
    try (PostgresLogStore other = open(settings());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 200; round++) {
        long head = round;
        CountDownLatch both = new CountDownLatch(2);
        List<Future<AppendResult>> answers = new ArrayList<>();

        // When
        for (PostgresLogStore one : List.of(store, other)) {
          String id = round + "-" + (one == store);
          answers.add(
              threads.submit(() -> {
                both.countDown();
                both.await();
                return one.append(key, head, Given.commit(head, id, Given.message("x")));
              }));
        }

        // Then
        List<AppendResult> results = List.of(answers.getFirst().get(), answers.getLast().get());
        assertThat(results).hasAtLeastOneElementOfType(AppendResult.Stored.class);
        assertThat(results).hasAtLeastOneElementOfType(AppendResult.Conflict.class);
      }
      assertThat(store.read(key, 0, ALL)).hasSize(201);
    }
  }

  @Test
  void aFailoverIsGotOverAndNothingIsWrittenToAStandby() throws Exception {
    // Given
    try (Load load = new Load(SESSIONS, store)) {
      awaitMore(load);

      // When
      server.restartAsStandby();
      int before = load.failures();
      await("appends are refused")
          .atMost(LONG)
          .untilAsserted(
              () -> assertThat(load.failures()).isGreaterThanOrEqualTo(before + 2 * SESSIONS));
      assertThatThrownBy(() -> PostgresLogStore.open(settings()))
          .isInstanceOf(LogUnavailable.class)
          .hasMessageContaining("standby")
          .hasMessageContaining("ROUSE_STORE_URL");
      server.promote();
      awaitMore(load);

      // Then
      load.assertNothingLostOrDoubled(store);
    }
  }

  @Test
  void aNewPasswordIsTakenUpWithoutARestart() throws Exception {
    // Given
    LogKey key = Given.key("default");
    store.append(key, -1, Given.commit(-1, "a", Given.message("first")));

    // When
    server.execute("ALTER ROLE " + database.user() + " PASSWORD 'another'");
    Files.writeString(database.passwordFile(), "another\n");
    server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
            + database.name()
            + "'");

    // Then
    await("it is let in again")
        .atMost(LONG)
        .ignoreExceptionsInstanceOf(LogException.class)
        .untilAsserted(() -> assertThat(store.head(key).seq()).isZero());
  }
}
