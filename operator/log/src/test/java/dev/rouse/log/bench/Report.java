package dev.rouse.log.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.util.Statistics;

/** Runs the benchmarks of the stores and writes what they found: a page and the same as JSON. */
public final class Report {

  private static final int SESSIONS = 64;

  private static final String HEADER =
      """
      # What the stores cost

      Written by `make bench`. Each append stands beside the least that the same database does for the
      same texts in the same run: one update of a ConfigMap that carries the event and nothing else; one
      insert into another SQLite database; one insert into another table of the same PostgreSQL server,
      each with a COMMIT that has reached the disk. Texts are pieces of this project's sources. Absolute
      times are those of one machine with two cores, which databases and client share; the ratios are
      what counts.

      """;

  /** One row of figures, in milliseconds. */
  private record Row(
      String store,
      String what,
      int size,
      int events,
      int sessions,
      double p50,
      double p95,
      double p99,
      double perSecond) {

    static Row of(RunResult run) {
      Result<?> primary = run.getPrimaryResult();
      Statistics times = primary.getStatistics();
      String name = run.getParams().getBenchmark();
      int threads = run.getParams().getThreads();
      return new Row(
          run.getParams().getParam("store").toLowerCase(Locale.ROOT),
          name.substring(name.lastIndexOf('.') + 1),
          number(run, "size"),
          number(run, "events"),
          threads,
          times.getPercentile(50),
          times.getPercentile(95),
          times.getPercentile(99),
          threads * 1000 / times.getMean());
    }

    private static int number(RunResult run, String name) {
      return Optional.ofNullable(run.getParams().getParam(name)).map(Integer::parseInt).orElse(0);
    }
  }

  private Report() {}

  /**
   * Measures.
   *
   * @param args the directory to write to, then stores to measure; all if none is named
   */
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    List<String> stores =
        args.length > 1
            ? List.of(args).subList(1, args.length)
            : Arrays.stream(Backend.Kind.values()).map(Enum::name).toList();
    List<Row> rows = new ArrayList<>();
    run(rows, stores, AppendBenchmark.class, 1);
    run(rows, stores, AppendBenchmark.class, SESSIONS);
    run(rows, stores, HistoryBenchmark.class, 1);
    List<Bytes> bytes = new ArrayList<>();
    for (String store : stores) {
      for (int size : new int[] {200, 1433, 20_480, 266_240}) {
        bytes.add(Bytes.of(Backend.Kind.valueOf(store), size));
      }
    }
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("stores.json"), json(rows, bytes));
    Files.writeString(directory.resolve("stores.md"), page(rows, bytes));
  }

  private static void run(List<Row> rows, List<String> stores, Class<?> what, int threads)
      throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(what.getName())
            .param("store", stores.toArray(String[]::new))
            .threads(threads)
            .shouldFailOnError(true);
    Collection<RunResult> results = new Runner(options.build()).run();
    results.forEach(result -> rows.add(Row.of(result)));
  }

  private static String json(List<Row> rows, List<Bytes> bytes) throws IOException {
    ObjectNode body = EventCodec.JSON.createObjectNode().put("unit", "ms");
    ArrayNode all = body.putArray("rows");
    rows.forEach(row -> all.add(EventCodec.JSON.valueToTree(row)));
    ArrayNode disk = body.putArray("bytes_on_disk");
    bytes.forEach(each -> disk.add(EventCodec.JSON.valueToTree(each)));
    return EventCodec.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(body) + "\n";
  }

  private static String page(List<Row> rows, List<Bytes> bytes) {
    StringBuilder text = new StringBuilder(HEADER);
    table(text, "Appends of one session", rows, row -> row.size() > 0 && row.sessions() == 1);
    table(text, SESSIONS + " sessions at once", rows, row -> row.sessions() > 1);
    table(text, "What a long history costs", rows, row -> row.events() > 0);
    text.append("## Bytes on the disk for each write\n\n");
    text.append("| store | characters | append | bare |\n|---|--:|--:|--:|\n");
    for (Bytes each : bytes) {
      text.append(
          "| %s | %,d | %,d | %,d |%n"
              .formatted(each.store(), each.size(), each.append(), each.bare()));
    }
    return text.toString();
  }

  private static void table(
      StringBuilder text, String title, List<Row> rows, Predicate<Row> wanted) {
    text.append("## ").append(title).append("\n\n");
    text.append("| store | what | bytes or events | p50 ms | p95 ms | p99 ms | per second |\n");
    text.append("|---|---|--:|--:|--:|--:|--:|\n");
    for (Row row : rows.stream().filter(wanted).toList()) {
      text.append(
          "| %s | %s | %,d | %.2f | %.2f | %.2f | %,.0f |%n"
              .formatted(
                  row.store(),
                  row.what(),
                  Math.max(row.size(), row.events()),
                  row.p50(),
                  row.p95(),
                  row.p99(),
                  row.perSecond()));
    }
    text.append('\n');
  }
}
