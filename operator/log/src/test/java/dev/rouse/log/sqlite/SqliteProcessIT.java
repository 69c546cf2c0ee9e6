package dev.rouse.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rouse.log.Commit;
import dev.rouse.log.LogUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store in processes of their own, that are killed, run out of disk, or come second. */
class SqliteProcessIT {

  private static final int ROUNDS = 12;

  @TempDir private Path directory;
  private final List<Process> processes = new ArrayList<>();
  private int outputs;

  @AfterEach
  void stop() {
    processes.forEach(Process::destroyForcibly);
  }

  /** Starts a process that writes to a file of its own. */
  private Path start(List<String> command) throws IOException {
    Path output = directory.resolve("output-" + outputs++);
    processes.add(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start());
    return output;
  }

  private Path store() {
    return directory.resolve("store");
  }

  private static List<String> lines(Path output) {
    try {
      // A kill may cut the last line.
      String text = Files.readString(output);
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitLines(Path output, int count) {
    await("%d lines of %s".formatted(count, output))
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(1))
        .untilAsserted(() -> assertThat(lines(output)).hasSizeGreaterThan(count));
  }

  /** The highest acknowledged record of each log. */
  private static void acknowledged(Path output, long[] heads) {
    for (String line : lines(output)) {
      if (line.matches("[0-9]+ [0-9]+")) {
        String[] parts = line.split(" ");
        int log = Integer.parseInt(parts[0]);
        heads[log] = Math.max(heads[log], Long.parseLong(parts[1]));
      }
    }
  }

  private void assertWhole(long[] acknowledged) throws SQLException {
    try (SqliteLogStore store =
        SqliteLogStore.open(SqliteSettings.in(store()), _ -> Assumptions.abort())) {
      for (int log = 0; log < AppendingProcess.LOGS; log++) {
        long head = store.head(AppendingProcess.key(log)).seq();
        List<Commit> commits = store.read(AppendingProcess.key(log), 0, Integer.MAX_VALUE).toList();
        assertThat(head).as("head of log %d", log).isGreaterThanOrEqualTo(acknowledged[log]);
        // One record a commit: as many commits as records, in order, is no gap and nothing twice.
        assertThat(commits).hasSize((int) head + 1);
        for (int i = 0; i <= head; i++) {
          assertThat(commits.get(i).from()).isEqualTo(i);
        }
        assertThat(commits.stream().map(Commit::appendId)).doesNotHaveDuplicates();
      }
    }
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + store().resolve(Database.NAME));
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA integrity_check")) {
      assertThat(row.getString(1)).isEqualTo("ok");
    }
  }

  @Test
  void whatWasAcknowledgedSurvivesEveryKill() throws Exception {
    // Given
    Random random = new Random();
    long[] acknowledged = new long[AppendingProcess.LOGS];
    // When it is killed at a random moment, again and again
    for (int round = 0; round < ROUNDS; round++) {
      Path output = start(AppendingProcess.command(store(), 300 + random.nextInt(20_000)));
      awaitLines(output, 1 + random.nextInt(400));
      processes.getLast().destroyForcibly().waitFor();
      acknowledged(output, acknowledged);
      // Then
      assertWhole(acknowledged);
    }
    assertThat(acknowledged).isNotEqualTo(new long[AppendingProcess.LOGS]);
  }

  @Test
  void aSecondServerIsKeptOutUntilTheFirstEndsHoweverItEnds() throws Exception {
    // Given
    Path first = start(AppendingProcess.command(store(), 300));
    awaitLines(first, 5);
    Process holder = processes.getLast();
    // When
    Path second = start(AppendingProcess.command(store(), 300));
    assertThat(processes.getLast().waitFor(60, TimeUnit.SECONDS)).isTrue();
    // Then
    assertThat(processes.getLast().exitValue()).isEqualTo(70);
    assertThat(Files.readString(second)).contains("process " + holder.pid()).contains("only one");
    assertThatThrownBy(() -> SqliteLogStore.open(SqliteSettings.in(store()), _ -> {}))
        .isInstanceOf(LogUnavailable.class)
        .hasMessageContaining("process " + holder.pid());
    assertThat(holder.isAlive()).isTrue();
    holder.destroyForcibly().waitFor();
    SqliteLogStore.open(SqliteSettings.in(store()), _ -> {}).close();
  }

  @Test
  void aWriteThatFailsEndsTheProcessAndNothingAcknowledgedIsLost() throws Exception {
    // Given a file that the kernel lets grow to 4 MB: what lies beyond fails as on a broken disk
    List<String> limited =
        new ArrayList<>(List.of("bash", "-c", "ulimit -f 4096; exec \"$@\"", "-"));
    limited.addAll(AppendingProcess.command(store(), 20_000));
    // When
    Path output = start(limited);
    assertThat(processes.getLast().waitFor(60, TimeUnit.SECONDS)).isTrue();
    // Then
    assertThat(processes.getLast().exitValue())
        .as(Files.readString(output))
        .isEqualTo(Ending.IO_ERROR);
    assertThat(Files.readString(output)).contains("exit code 74").contains("integrity_check");
    long[] acknowledged = new long[AppendingProcess.LOGS];
    acknowledged(output, acknowledged);
    assertThat(acknowledged[0]).isPositive();
    assertWhole(acknowledged);
  }

  @Test
  void aVolumeThatIsReallyFullRefusesAndNothingAcknowledgedIsLost() throws Exception {
    // Given a volume of 6 MB
    Files.createDirectories(store());
    Path kept = Files.createDirectory(directory.resolve("kept"));
    Process able = new ProcessBuilder("unshare", "-Urm", "true").start();
    Assumptions.assumeTrue(able.waitFor() == 0, "no user namespaces here");
    List<String> limited =
        new ArrayList<>(
            List.of(
                "unshare",
                "-Urm",
                "bash",
                "-c",
                "mount -t tmpfs -o size=6m none \"$0\" && \"${@:2}\"; code=$?;"
                    + " cp -r \"$0\"/. \"$1\"; exit $code",
                store().toString(),
                kept.toString()));
    limited.addAll(AppendingProcess.command(store(), 20_000));
    // When every log was refused
    Path output = start(limited);
    assertThat(processes.getLast().waitFor(60, TimeUnit.SECONDS)).isTrue();
    // Then
    assertThat(processes.getLast().exitValue()).as(Files.readString(output)).isZero();
    assertThat(lines(output).stream().filter(line -> line.startsWith("refused")))
        .hasSize(AppendingProcess.LOGS)
        .allSatisfy(line -> assertThat(line).contains("is full").contains("nothing was stored"));
    long[] acknowledged = new long[AppendingProcess.LOGS];
    acknowledged(output, acknowledged);
    Files.delete(store());
    Files.move(kept, store());
    assertWhole(acknowledged);
  }
}
