package dev.rouse.images;

import dev.rouse.devcluster.launch.Foreground;
import dev.rouse.devcluster.process.Progress;
import dev.rouse.images.StartTrial.Start;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Starts the programs of the images a few times with their caches and without, and writes the table
 * of {@code docs/images.md}: {@code make images-report} calls it when the images are there.
 */
public final class StartReport {

  private static final int PAIRS = 5;
  private static final String BEGIN = "<!-- starts -->\n";
  private static final String END = "<!-- /starts -->";

  /**
   * How the starts of one program came out.
   *
   * @param bytes the size of its image's tar
   */
  record Figures(long bytes, List<Start> cached, List<Start> plain) {

    private String row(Program program) {
      return "| %s | %d MB | %s | %s | %s | %s |%n"
          .formatted(
              program.title(),
              bytes / 1_000_000,
              seconds(cached, Start::ready),
              seconds(plain, Start::ready),
              seconds(cached, Start::processor),
              seconds(plain, Start::processor));
    }

    /** The median. */
    private static String seconds(List<Start> starts, Function<Start, Duration> time) {
      Duration median = starts.stream().map(time).sorted().toList().get(starts.size() / 2);
      return String.format(Locale.ROOT, "%.1f s", median.toMillis() / 1e3);
    }
  }

  private StartReport() {}

  /**
   * Measures, and writes.
   *
   * @param args the page
   */
  public static void main(String[] args) throws Exception {
    Path page = Path.of(args[0]);
    String before = Files.readString(page);
    // Whether the table has its place is known before it takes minutes.
    withTable(before, "");
    System.exit(
        Foreground.run(() -> {
          String table = measure(Path.of("").toAbsolutePath());
          Files.writeString(page, withTable(before, table));
          System.out.print(table);
          return 0;
        }));
  }

  private static String measure(Path checkout) throws IOException, InterruptedException {
    Progress progress = Progress.timed(System.out, InstantSource.system());
    Stage stage = Main.stage(checkout);
    Map<Program, Figures> figures = new EnumMap<>(Program.class);
    for (Program program : Program.values()) {
      Path tar = Main.tar(checkout, stage, program);
      if (!Caches.isOfStage(stage, program) || !Files.exists(tar)) {
        throw new IOException("there is no image %s: run 'make images'".formatted(tar));
      }
      figures.put(program, new Figures(Files.size(tar), new ArrayList<>(), new ArrayList<>()));
    }
    double load = 0;
    Path work = Main.work(checkout).resolve("starts");
    try (StartTrial trial = StartTrial.prepare(stage, checkout, work, progress)) {
      for (int pair = 0; pair < PAIRS; pair++) {
        for (Map.Entry<Program, Figures> of : figures.entrySet()) {
          of.getValue().cached().add(trial.cached(of.getKey()));
          of.getValue().plain().add(trial.plain(of.getKey()));
        }
        load += ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage() / PAIRS;
        progress.step("pair %d of %d".formatted(pair + 1, PAIRS));
      }
    }
    return table(figures, load);
  }

  static String table(Map<Program, Figures> figures, double load) {
    StringBuilder text =
        new StringBuilder(
            """
            | image | tar | ready after | without its cache | processor time | without its cache |
            |---|---|---|---|---|---|
            """);
    figures.forEach((program, of) -> text.append(of.row(program)));
    return text.append(
            String.format(
                Locale.ROOT,
                """

                Medians of %d starts each, with the cache and without in turn, on %d cores that %.0f processes wanted;
                written by `make images-report`.
                """,
                PAIRS,
                Runtime.getRuntime().availableProcessors(),
                load))
        .toString();
  }

  /**
   * The page with another table.
   *
   * @throws IllegalArgumentException if it has no place for it
   */
  static String withTable(String page, String table) {
    int begin = page.indexOf(BEGIN);
    int end = page.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException(
          "the page has no %s and %s, between which the table belongs"
              .formatted(BEGIN.strip(), END));
    }
    return page.substring(0, begin + BEGIN.length()) + table + page.substring(end);
  }
}
