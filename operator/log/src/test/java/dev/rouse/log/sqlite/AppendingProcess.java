package dev.rouse.log.sqlite;

import dev.rouse.log.AppendResult;
import dev.rouse.log.Given;
import dev.rouse.log.Head;
import dev.rouse.log.LogException;
import dev.rouse.log.LogKey;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * A process of its own that appends to some logs until it is killed, and prints {@code log seq} for
 * each append that was acknowledged. Arguments: the directory, the bytes of a commit.
 */
final class AppendingProcess {

  static final int LOGS = 8;

  private AppendingProcess() {}

  static LogKey key(int log) {
    return new LogKey("team-a", "session-" + log, "uid-" + log);
  }

  static void main(String[] args) throws InterruptedException {
    int size = Integer.parseInt(args[1]);
    PrintStream out = new PrintStream(System.out, true);
    try (SqliteLogStore store =
            SqliteLogStore.open(
                SqliteSettings.in(Path.of(args[0])), code -> Runtime.getRuntime().halt(code));
        ExecutorService appenders = Executors.newVirtualThreadPerTaskExecutor()) {
      out.println("open");
      IntStream.range(0, LOGS)
          .forEach(log -> appenders.execute(() -> append(store, log, size, out)));
    } catch (LogException e) {
      out.println(e.getMessage());
      System.exit(70);
    }
  }

  private static void append(SqliteLogStore store, int log, int size, PrintStream out) {
    LogKey key = key(log);
    long head = store.head(key).seq();
    while (true) {
      String id = "p" + ProcessHandle.current().pid() + "-" + head;
      try {
        switch (store.append(
            key, head, Given.commit(head, id, Given.answer(Given.noise(size, head))))) {
          case AppendResult.Stored(Head now) -> head = now.seq();
          case AppendResult.Conflict(Head now) ->
              throw new IllegalStateException("log " + log + " is at " + now);
        }
      } catch (LogException e) {
        out.println("refused " + log + " " + e.getMessage());
        return;
      }
      out.println(log + " " + head);
    }
  }

  /** The command that starts one. */
  static List<String> command(Path directory, int size) throws IOException {
    return new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Xmx128m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            AppendingProcess.class.getName(),
            directory.toString(),
            Integer.toString(size)));
  }
}
