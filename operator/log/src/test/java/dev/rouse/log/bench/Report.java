package dev.rouse.log.bench;

import static java.util.Comparator.comparing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.util.Statistics;

/** Runs the benchmarks of the stores and writes what they found: a page and the same as JSON. */
public final class Report {

  static final int SESSIONS = 64;

  /** Milliseconds between two writes of a session that does not write as fast as it can. */
  private static final int PAUSE = 20;

  /** Characters of text: small, the median of real events, a file that was read, the largest. */
  private static final List<String> SIZES = List.of("200", "1433", "20480", "266240");

  /** The history that longer ones are compared with, in events. */
  private static final int SHORT = 100;

  /** The store that puts what many sessions write into one COMMIT; servers do that themselves. */
  private static final String SHARING = Backend.Kind.SQLITE.name();

  private static final String HEADER =
      """
      # What the stores cost

      Written by `make bench`. Each append stands beside the least that the same database does for the
      same texts in the same run: one update of a ConfigMap that carries the event and nothing else; one
      insert into another SQLite database; one insert into another table of the same PostgreSQL server,
      each with a COMMIT that has reached the disk. A session at its own pace rests 20 ms before each
      write. Each store is measured in one go, in a run of its own if it was named. Texts are pieces
      of this project's sources. Absolute times are those of one machine with two cores, which databases
      and client share; the ratios are what counts.

      """;

  /** One row of figures, in milliseconds. */
  private record Row(
      String store,
      String what,
      int size,
      int events,
      int sessions,
      int pause,
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
          number(run, "pause"),
          times.getPercentile(50),
          times.getPercentile(95),
          times.getPercentile(99),
          threads * 1000 / times.getMean());
    }

    boolean isAppendOf(int count, int rest) {
      return size > 0 && what.equals("append") && sessions == count && pause == rest;
    }

    /** Whether this row is what the database takes for the same without us. */
    boolean isBareOf(Row other) {
      return what.equals("bare")
          && isLike(other)
          && sessions == other.sessions
          && pause == other.pause;
    }

    boolean isLike(Row other) {
      return store.equals(other.store) && size == other.size;
    }

    boolean isShortOf(Row other) {
      return events == SHORT && store.equals(other.store) && what.equals(other.what);
    }

    private static int number(RunResult run, String name) {
      return Optional.ofNullable(run.getParams().getParam(name)).map(Integer::parseInt).orElse(0);
    }
  }

  private Report() {}

  /**
   * Measures.
   *
   * @param args the directory to write to, then stores to measure, all if none is named; what is
   *     there about other stores is kept
   */
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    List<String> stores =
        args.length > 1
            ? List.of(args).subList(1, args.length).stream().map(Report::kind).toList()
            : Arrays.stream(Backend.Kind.values()).map(Enum::name).toList();
    List<Row> rows = new ArrayList<>();
    List<Bytes> bytes = new ArrayList<>();
    keep(directory.resolve("stores.json"), stores, rows, bytes);
    for (String store : stores) {
      // An append and the bare write of the same texts, one right after the other.
      for (String size : SIZES) {
        appends(rows, store, size, 1, PAUSE);
        appends(rows, store, size, 1, 0);
        appends(rows, store, size, SESSIONS, 0);
        bytes.add(Bytes.of(Backend.Kind.valueOf(store), Integer.parseInt(size)));
      }
      if (store.equals(SHARING)) {
        run(rows, SharedCommitBenchmark.class, 1, store, options -> options);
      }
      run(rows, HistoryBenchmark.class, 1, store, options -> options);
    }
    rows.sort(comparing(row -> Backend.Kind.valueOf(kind(row.store()))));
    bytes.sort(comparing(each -> Backend.Kind.valueOf(kind(each.store()))));
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("stores.json"), json(rows, bytes));
    Files.writeString(directory.resolve("stores.md"), page(rows, bytes));
  }

  private static String kind(String store) {
    return Backend.Kind.valueOf(store.toUpperCase(Locale.ROOT)).name();
  }

  /** What an earlier run found about the stores that this one leaves out. */
  private static void keep(Path file, List<String> measured, List<Row> rows, List<Bytes> bytes)
      throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    JsonNode earlier = EventCodec.JSON.readTree(file.toFile());
    for (JsonNode row : earlier.path("rows")) {
      rows.add(EventCodec.JSON.treeToValue(row, Row.class));
    }
    for (JsonNode each : earlier.path("bytes_on_disk")) {
      bytes.add(EventCodec.JSON.treeToValue(each, Bytes.class));
    }
    rows.removeIf(row -> measured.contains(kind(row.store())));
    bytes.removeIf(each -> measured.contains(kind(each.store())));
  }

  private static void appends(List<Row> rows, String store, String size, int sessions, int pause)
      throws RunnerException {
    run(
        rows,
        AppendBenchmark.class,
        sessions,
        store,
        options -> options.param("size", size).param("pause", Integer.toString(pause)));
  }

  private static void run(
      List<Row> rows,
      Class<?> what,
      int threads,
      String store,
      UnaryOperator<ChainedOptionsBuilder> more)
      throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(what.getName())
            .param("store", store)
            .threads(threads)
            .shouldFailOnError(true);
    new Runner(more.apply(options).build()).run().forEach(result -> rows.add(Row.of(result)));
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
    appends(text, "One session at its own pace", rows, 1, PAUSE);
    appends(text, "One session as fast as it goes", rows, 1, 0);
    appends(text, SESSIONS + " sessions at once", rows, SESSIONS, 0);
    sharing(text, rows);
    histories(text, rows);
    text.append("## Bytes on the disk for each write\n\n");
    text.append("| store | characters | append | bare |\n|---|--:|--:|--:|\n");
    for (Bytes each : bytes) {
      text.append(
          "| %s | %,d | %,d | %,d |%n"
              .formatted(each.store(), each.size(), each.append(), each.bare()));
    }
    return text.toString();
  }

  private static void appends(
      StringBuilder text, String title, List<Row> rows, int sessions, int pause) {
    text.append("## ").append(title).append("\n\n");
    // Who rests between writes says nothing about how many there could be.
    String rate = pause > 0 ? "" : " per second |";
    text.append("| store | characters | append p50 ms | p95 | p99 |").append(rate);
    text.append(" bare p50 ms | p95 | p99 |").append(rate).append(" append ÷ bare, p95 |\n");
    text.append("|---|").append("--:|".repeat(pause > 0 ? 8 : 10)).append('\n');
    for (Row row : rows) {
      if (row.isAppendOf(sessions, pause)) {
        Row bare = only(rows, it -> it.isBareOf(row));
        text.append(
            "| %s | %,d %s %s | %.2f |%n"
                .formatted(
                    row.store(), row.size(), cells(row), cells(bare), row.p95() / bare.p95()));
      }
    }
    text.append('\n');
  }

  private static void sharing(StringBuilder text, List<Row> rows) {
    List<Row> measured = rows.stream().filter(it -> it.what().equals("shared")).toList();
    if (measured.isEmpty()) {
      return;
    }
    text.append(
        """
        ## What sharing a COMMIT gains

        Bare inserts of which %1$d share a COMMIT are the most that %1$d sessions at once could reach.

        | store | characters | bare, %1$d to a COMMIT, per second | ÷ bare, one to a COMMIT \
        | %1$d sessions ÷ bare, %1$d to a COMMIT | %1$d sessions ÷ one |
        |---|--:|--:|--:|--:|--:|
        """
            .formatted(SESSIONS));
    for (Row shared : measured) {
      Row one = only(rows, it -> it.isAppendOf(1, 0) && it.isLike(shared));
      Row many = only(rows, it -> it.isAppendOf(SESSIONS, 0) && it.isLike(shared));
      Row bare = only(rows, it -> it.isBareOf(one));
      text.append(
          "| %s | %,d | %,.0f | %.1f | %.2f | %.1f |%n"
              .formatted(
                  shared.store(),
                  shared.size(),
                  shared.perSecond(),
                  shared.perSecond() / bare.perSecond(),
                  many.perSecond() / shared.perSecond(),
                  many.perSecond() / one.perSecond()));
    }
    text.append('\n');
  }

  private static void histories(StringBuilder text, List<Row> rows) {
    text.append("## What a long history costs\n\n");
    text.append("| store | what | events | p50 ms | p95 | p99 | per second ");
    text.append("| p95 ÷ that of %d events |%n".formatted(SHORT));
    text.append("|---|---|--:|--:|--:|--:|--:|--:|\n");
    for (Row row : rows) {
      if (row.events() > 0) {
        Row first = only(rows, it -> it.isShortOf(row));
        text.append(
            "| %s | %s | %,d %s | %.2f |%n"
                .formatted(
                    row.store(), row.what(), row.events(), cells(row), row.p95() / first.p95()));
      }
    }
    text.append('\n');
  }

  private static String cells(Row row) {
    String rate = row.pause() > 0 ? "" : " | %,.0f".formatted(row.perSecond());
    return "| %.2f | %.2f | %.2f%s".formatted(row.p50(), row.p95(), row.p99(), rate);
  }

  private static Row only(List<Row> rows, Predicate<Row> wanted) {
    return rows.stream().filter(wanted).findFirst().orElseThrow();
  }
}
