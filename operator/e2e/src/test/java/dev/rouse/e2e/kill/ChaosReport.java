package dev.rouse.e2e.kill;

import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Makes one table of the verdicts of all runs: points × components × stores. {@code make chaos}
 * calls it. What earlier runs came to is in a file beside the page; the same case of the same seed
 * and store, run again, takes the place of what it came to before.
 */
final class ChaosReport {

  private static final String HEADER =
      """
      # What was killed, where, and what came of it

      Written by `make chaos`, which adds to it. A number says in how many runs the case was tried and
      clean: nothing that was acknowledged was lost, nothing was executed twice, and where nobody can
      know whether a call ran, the log says so. A case that was not clean is **bold**. `chaos.json`
      holds the same; without it the table begins anew.

      """;

  private final List<Tried> all;

  private ChaosReport(List<Tried> all) {
    this.all = all;
  }

  /**
   * Adds the runs of this checkout to the page, writes it and prints it; fails if a case on it was
   * not clean.
   *
   * @param args the directory of the page
   */
  public static void main(String[] args) throws IOException {
    ChaosReport report = add(Files.createDirectories(Path.of(args[0])), Verdicts.written());
    System.out.print(report.text());
    if (report.all.stream().anyMatch(Tried::failed)) {
      System.exit(1);
    }
  }

  /** Adds cases to what is in a directory and writes it. */
  static ChaosReport add(Path directory, List<Tried> cases) throws IOException {
    Path kept = directory.resolve("chaos.json");
    Map<String, Tried> all = new LinkedHashMap<>();
    if (Files.exists(kept)) {
      for (Tried tried : EventCodec.JSON.readValue(kept.toFile(), Tried[].class)) {
        all.put(tried.key(), tried);
      }
    }
    cases.forEach(tried -> all.put(tried.key(), tried));
    ChaosReport report = new ChaosReport(List.copyOf(all.values()));
    Files.writeString(kept, report.json());
    Files.writeString(directory.resolve("chaos.md"), report.text());
    return report;
  }

  /** One case a line, so that a run's cases are that many lines of a change. */
  private String json() throws IOException {
    StringBuilder json = new StringBuilder("[\n");
    for (Iterator<Tried> cases = all.iterator(); cases.hasNext(); ) {
      json.append(EventCodec.JSON.writeValueAsString(cases.next()));
      json.append(cases.hasNext() ? ",\n" : "\n");
    }
    return json.append("]\n").toString();
  }

  String text() {
    StringBuilder text = new StringBuilder(HEADER);
    Set<String> stores =
        all.stream().map(Tried::store).collect(Collectors.toCollection(TreeSet::new));
    for (String store : stores) {
      Set<String> runs =
          all.stream()
              .filter(tried -> tried.store().equals(store))
              .map(tried -> "%d (%s)".formatted(tried.seed(), tried.revision()))
              .collect(Collectors.toCollection(TreeSet::new));
      text.append("- %s: seed and revision %s%n".formatted(store, String.join(", ", runs)));
    }
    text.append("\n| point | struck | %s |%n".formatted(String.join(" | ", stores)));
    text.append("|---|---|").append("--:|".repeat(stores.size())).append('\n');
    for (String row : all.stream().map(Tried::row).collect(Collectors.toCollection(TreeSet::new))) {
      text.append("| ").append(row);
      stores.forEach(store -> text.append(" | ").append(cell(row, store)));
      text.append(" |\n");
    }
    all.stream()
        .filter(Tried::failed)
        .forEach(tried ->
            text.append(
                "%n- %s, %s, seed %d: %s"
                    .formatted(tried.row(), tried.store(), tried.seed(), tried.failure())));
    return text.append('\n').toString();
  }

  private String cell(String row, String store) {
    List<Tried> tries =
        all.stream()
            .filter(tried -> tried.row().equals(row) && tried.store().equals(store))
            .toList();
    long failed = tries.stream().filter(Tried::failed).count();
    if (tries.isEmpty()) {
      return "";
    }
    return failed == 0
        ? Integer.toString(tries.size())
        : "**%d of %d**".formatted(failed, tries.size());
  }
}
