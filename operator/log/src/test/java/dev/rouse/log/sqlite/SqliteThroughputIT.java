package dev.rouse.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.log.Commit;
import dev.rouse.log.Given;
import dev.rouse.log.LogKey;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;

/** The two bounds that the store promises, each against what it is measured by, in the same run. */
class SqliteThroughputIT {

  private static final int SIZE = 500;
  private static final int SESSIONS = 64;

  @TempDir private Path directory;
  private SqliteLogStore store;

  @BeforeEach
  void open() {
    store =
        SqliteLogStore.open(
            SqliteSettings.in(directory),
            code -> {
              throw new AssertionError("the process would have ended with " + code);
            });
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void append(LogKey key, int from, int count) {
    for (int i = from; i < from + count; i++) {
      store.append(key, i - 1, Given.commit(i - 1, "a" + i, Given.answer(Given.noise(SIZE, i))));
    }
  }

  /** Appends a second that one session makes. */
  private double alone(int count) {
    LogKey key = Given.key("team-a");
    long start = System.nanoTime();
    append(key, 0, count);
    return count * 1e9 / (System.nanoTime() - start);
  }

  /** Appends a second that many sessions make together. */
  private double together(int each) throws Exception {
    long start = System.nanoTime();
    try (ExecutorService sessions = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all =
          IntStream.range(0, SESSIONS)
              .<Future<?>>mapToObj(_ -> sessions.submit(() -> append(Given.key("team-a"), 0, each)))
              .toList();
      for (Future<?> session : all) {
        session.get();
      }
    }
    return SESSIONS * each * 1e9 / (System.nanoTime() - start);
  }

  @Test
  void sixtyFourSessionsTogetherMakeFiveTimesTheAppendsOfOne() throws Exception {
    // Given
    alone(2000);
    together(300);
    // When
    double[] ratios = new double[5];
    for (int i = 0; i < ratios.length; i++) {
      double one = alone(1000);
      double many = together(300);
      ratios[i] = many / one;
      System.out.printf("one session %.0f/s, 64 sessions %.0f/s%n", one, many);
    }
    // Then
    Arrays.sort(ratios);
    assertThat(ratios[ratios.length / 2]).as("the median of the ratios").isGreaterThan(5);
  }

  @Test
  void anAppendTakesAtMostThreeTimesABareInsert() throws Exception {
    // Given
    SQLiteConfig config = Database.writing(SqliteSettings.in(directory));
    LogKey key = Given.key("team-a");
    int warm = 2000;
    int count = 3000;
    long[] bare = new long[count];
    long[] appended = new long[count];
    try (Connection connection =
            config.createConnection("jdbc:sqlite:" + directory.resolve("bare.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, body TEXT NOT NULL)");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO bare VALUES (?, ?)")) {
        // When
        for (int i = -warm; i < count; i++) {
          Commit commit = Given.commit(i + warm - 1, "a" + i, Given.answer(Given.noise(SIZE, i)));
          long append = timed(() -> store.append(key, commit.from() - 1, commit));
          String text = CommitJson.write(commit).json();
          long id = i;
          long inserted =
              timed(() -> {
                insert.setLong(1, id);
                insert.setString(2, text);
                insert.executeUpdate();
              });
          if (i >= 0) {
            appended[i] = append;
            bare[i] = inserted;
          }
        }
      }
    }
    // Then
    Arrays.sort(bare);
    Arrays.sort(appended);
    int p95 = count * 95 / 100;
    System.out.printf(
        "append p50 %d us, p95 %d us; bare insert p50 %d us, p95 %d us%n",
        appended[count / 2] / 1000, appended[p95] / 1000, bare[count / 2] / 1000, bare[p95] / 1000);
    assertThat(appended[p95]).as("p95 of appends, ns").isLessThanOrEqualTo(3 * bare[p95]);
  }

  @FunctionalInterface
  private interface Timed {
    void run() throws SQLException;
  }

  private static long timed(Timed timed) throws SQLException {
    long start = System.nanoTime();
    timed.run();
    return System.nanoTime() - start;
  }
}
